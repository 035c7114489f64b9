/** Dead letters by cause, and the grouping of those that came without a group. */
import {
  type DeadLetterGroup,
  type DeadLetterGroups,
  messageFingerprint,
  sampledDeadLetters,
  unknownErrorGroup,
} from "@workstream/core";
import type { GroupReply } from "./scripts.ts";
import type { StoreLink } from "./store-link.ts";
import { listDepth, listWindow } from "./task-lists.ts";
import { readSummaries } from "./task-reader.ts";

/** How many dead letters one call looks at that may have no group. */
const lookedAt = 500;

export class RedisDeadLetterGroups {
  readonly #link: StoreLink;
  /** Where the search for those without a group goes on, from the head of the list. */
  #searchedTo = 0;

  constructor(link: StoreLink) {
    this.#link = link;
  }

  async read(limit: number): Promise<DeadLetterGroups> {
    let [, total, dead, ungrouped, groups] = await this.#groups(limit);
    if (ungrouped > 0 && (await this.#groupSome()) > 0) {
      [, total, dead, ungrouped, groups] = await this.#groups(limit);
    }
    const known = await this.#described(groups);
    const rest = ungrouped > 0 && known.length < limit ? [await this.#unknown(ungrouped)] : [];
    return {
      groups: [...known, ...rest],
      totalGroups: total + (ungrouped > 0 ? 1 : 0),
      totalDeadLetters: dead,
    };
  }

  /** Takes every dead letter into a group that has none; asks no more than that where all have one. */
  async groupAll(): Promise<void> {
    const { connection, keys } = this.#link;
    const grouped = await connection.read((client) => client.zcard(keys.deaths));
    if ((await listDepth(this.#link, keys.dlq)) <= grouped) return;
    this.#searchedTo = 0;
    do await this.#groupSome();
    while (this.#searchedTo > 0);
  }

  #groups(limit: number) {
    return this.#link.scripts.run("error-groups", { args: { limit, samples: sampledDeadLetters } });
  }

  async #described(groups: readonly GroupReply[]): Promise<DeadLetterGroup[]> {
    const newest = groups.map(([, , , , ids]) => ids[0] ?? "");
    const tasks = new Map((await readSummaries(this.#link, newest)).map((task) => [task.id, task]));
    return groups.flatMap(([group, count, firstAt, lastAt, taskIds], index) => {
      const task = tasks.get(newest[index] ?? "");
      if (task === undefined) return [];
      const { type, errorType, lastError } = task;
      const cause = { type, errorType: errorType ?? "Default", message: lastError ?? "" } as const;
      return [{ group, count, firstAt: Number(firstAt), lastAt: Number(lastAt), taskIds, ...cause }];
    });
  }

  /** Takes dead letters of the next window that have no group into theirs; answers how many. */
  async #groupSome(): Promise<number> {
    const first = this.#searchedTo;
    const window = await listWindow(this.#link, this.#link.keys.dlq, first, first + lookedAt - 1);
    this.#searchedTo = first + lookedAt < window.length ? first + lookedAt : 0;
    const tasks = await readSummaries(
      this.#link,
      window.entries.map(({ id }) => id),
    );
    const records = tasks
      .filter(({ errorGroup }) => errorGroup === unknownErrorGroup)
      .map(({ id, errorType, lastError }) => ({
        id,
        errorType: errorType ?? "Default",
        message: messageFingerprint(lastError ?? ""),
      }));
    if (records.length === 0) return 0;
    const keys = records.flatMap(({ id }) => [this.#link.keys.task(id), this.#link.keys.deadLetter(id)]);
    const [, count] = await this.#link.scripts.run("group-dead-letters", { records, keys });
    return count;
  }

  /** What is not grouped yet; when it died is bounded by the ends of the list. */
  async #unknown(count: number): Promise<DeadLetterGroup> {
    const ends = await this.#link.connection.read((client) =>
      Promise.all([client.lindex(this.#link.keys.dlq, 0), client.lindex(this.#link.keys.dlq, -1)]),
    );
    const tasks = await readSummaries(
      this.#link,
      ends.filter((id) => id !== null),
    );
    const deaths = tasks.map(({ completedAt, updatedAt }) => completedAt ?? updatedAt);
    return {
      group: unknownErrorGroup,
      count,
      firstAt: deaths[0] ?? 0,
      lastAt: deaths.at(-1) ?? 0,
      taskIds: [],
      type: "",
      errorType: "Default",
      message: "Not grouped yet: an older version or another program left them.",
    };
  }
}

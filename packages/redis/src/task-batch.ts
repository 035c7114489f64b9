/**
 * Accepting a large batch, all or none, though no script may hold Redis for long.
 *
 * When none of its tasks can be refused, one script accepts it: it creates the first part and lays up the others under
 * `batch:{id}`, which are created in parts at once after it. A batch with idempotency keys or uploads is staged part by part,
 * where nobody looks and which lapses after 60 s, and one short script commits: from then on it is accepted. A lost reply
 * before the commit therefore means that nothing was accepted. If this process dies before all parts are created, `promote` in
 * any worker goes on.
 */
import { randomUUID } from "node:crypto";
import { isErrorCode, WorkstreamError } from "@workstream/core";
import { type BatchOutcome, declaredKeys, type IntakePart, readOutcomes } from "./intake-record.ts";
import type { StoreLink } from "./store-link.ts";

type StagedPart = { isRefused: boolean; staged: number; outcomes(isRefused: boolean): BatchOutcome[] };

const maxRestarts = 5;
/** More than this is not sent in one command, which Redis would hold in memory twice. */
const maxAtOnce = 16 * 1024 * 1024;

export class BatchIntake {
  readonly #link: StoreLink;

  constructor(link: StoreLink) {
    this.#link = link;
  }

  async enqueue(parts: readonly IntakePart[]): Promise<BatchOutcome[]> {
    if (parts.every(isSure) && lengthOf(parts) <= maxAtOnce) return this.#acceptAtOnce(parts);
    for (let attempt = 1; attempt <= maxRestarts; attempt++) {
      const outcomes = await this.#attempt(parts);
      if (outcomes) return outcomes;
    }
    throw new WorkstreamError(
      "store_unavailable",
      "Others with the same keys displaced this batch; repeat it.",
    );
  }

  /** Creates the next parts of an accepted batch until none is left. */
  async applyAll(batchId: string): Promise<void> {
    while ((await this.#apply(batchId))[1] > 0);
  }

  async #acceptAtOnce(parts: readonly IntakePart[]): Promise<BatchOutcome[]> {
    const batchId = randomUUID();
    const accepting = this.#link.scripts.run("accept-batch", {
      args: { batchId },
      keys: [
        this.#link.keys.batch(batchId),
        ...parts.flatMap(({ records }) => declaredKeys(records, this.#link)),
      ],
      trailing: parts.map(({ json }) => json),
    });
    // A Cluster may send one of two questions on to another node, and the second be first.
    if (this.#link.isCluster) await accepting;
    let asked = this.#applyAhead(batchId);
    const [, ...ofFirst] = await accepting;
    const exceptions = [ofFirst];
    try {
      for (let left = parts.length - 1; left > 0; ) {
        const answer = asked;
        if (left > 1) asked = this.#applyAhead(batchId);
        const [, after, ...more] = await answer;
        left = after;
        exceptions[parts.length - 1 - left] = more;
      }
    } catch (error) {
      leaveToPromote(error);
    }
    return parts.flatMap(({ records }, at) => readOutcomes(records, exceptions[at] ?? []));
  }

  /** Asked while another part is created, so that Redis need not wait for the question. Its answer may stay unread. */
  #applyAhead(batchId: string) {
    const answer = this.#apply(batchId);
    answer.catch(() => {});
    return answer;
  }

  /** Null when the batch was gone before it was committed. */
  async #attempt(parts: readonly IntakePart[]): Promise<BatchOutcome[] | null> {
    const batchId = randomUUID();
    const staged = await this.#stageAll(batchId, parts);
    const isRefused = staged.some((part) => part.isRefused);
    if (isRefused) await this.#discard(batchId);
    else if (!(await this.#commit(batchId, staged))) return null;
    return staged.flatMap(({ outcomes }) => outcomes(isRefused));
  }

  async #stageAll(batchId: string, parts: readonly IntakePart[]): Promise<StagedPart[]> {
    const staged: StagedPart[] = [];
    try {
      for (const part of parts) staged.push(await this.#stage(batchId, part));
      return staged;
    } catch (error) {
      if (!isErrorCode(error, "outcome_unknown")) throw error;
      throw new WorkstreamError("store_unavailable", `${error.message} Nothing was accepted.`, {
        cause: error,
      });
    }
  }

  async #stage(batchId: string, { records, json }: IntakePart): Promise<StagedPart> {
    const { keys, scripts } = this.#link;
    const [verdict, staged, ...exceptions] = await scripts.run("stage-batch", {
      args: { batchId, tasks: json },
      keys: [keys.batch(batchId), ...declaredKeys(records, this.#link)],
    });
    const outcomes = (isRefused: boolean) => readOutcomes(records, exceptions, isRefused);
    return { isRefused: verdict === "refused", staged, outcomes };
  }

  /** False when it was swept or displaced before the commit. */
  async #commit(batchId: string, staged: readonly StagedPart[]): Promise<boolean> {
    const length = staged.filter((part) => part.staged > 0).length;
    if (length === 0) return true;
    const [outcome] = await this.#link.scripts.run("commit-batch", {
      args: { batchId, length },
      keys: [this.#link.keys.batch(batchId)],
    });
    if (outcome === "gone") return false;
    await this.applyAll(batchId).catch(leaveToPromote);
    return true;
  }

  #apply(batchId: string) {
    const keys = [this.#link.keys.batch(batchId)];
    return this.#link.scripts.run("apply-batch", { args: { batchId }, keys });
  }

  async #discard(batchId: string): Promise<void> {
    await this.#link.connection.write((client) => client.unlink(this.#link.keys.batch(batchId)));
  }
}

/** Accepted all the same: `promote` goes on where this stopped. */
function leaveToPromote(error: unknown): void {
  if (!isErrorCode(error, "outcome_unknown", "store_unavailable")) throw error;
}

/** Plain tasks without an idempotency key: nothing about them can be refused. */
function isSure({ records }: IntakePart): boolean {
  return records.every(({ values }) => values === null);
}

function lengthOf(parts: readonly IntakePart[]): number {
  return parts.reduce((sum, { json }) => sum + json.length, 0);
}

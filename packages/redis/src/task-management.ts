/** What operators do to single tasks and to queues: each is one script. */
import type { ManagementOutcome, TaskManagement, TaskState } from "@workstream/core";
import { requeueOrphaned } from "./orphans.ts";
import type { ReplyOf } from "./scripts.ts";
import type { StoreLink } from "./store-link.ts";

export class RedisManagement implements TaskManagement {
  readonly #link: StoreLink;

  constructor(link: StoreLink) {
    this.#link = link;
  }

  async cancel(id: string, reason: string): Promise<ManagementOutcome> {
    const keys = [this.#link.keys.task(id)];
    return readOutcome(await this.#link.scripts.run("cancel", { args: { id, reason }, keys }));
  }

  async retry(id: string, { resetRetryCount }: { resetRetryCount: boolean }): Promise<ManagementOutcome> {
    const keys = [this.#link.keys.task(id), this.#link.keys.deadLetter(id)];
    const args = { id, resetsRetries: resetRetryCount ? "1" : "0" };
    return readOutcome(await this.#link.scripts.run("retry", { args, keys }));
  }

  async delete(id: string): Promise<{ outcome: "deleted"; from: TaskState } | { outcome: "not_found" }> {
    const { keys, scripts } = this.#link;
    const declared = [keys.task(id), keys.deadLetter(id), keys.input(id)];
    const [outcome, from] = await scripts.run("delete", { args: { id }, keys: declared });
    return outcome === "deleted" ? { outcome, from: from as TaskState } : { outcome };
  }

  async pause(queue: string): Promise<boolean> {
    const [, changed] = await this.#link.scripts.run("pause", { args: { queue } });
    return changed === 1;
  }

  async resume(queue: string): Promise<boolean> {
    const [, changed] = await this.#link.scripts.run("resume", { args: { queue } });
    return changed === 1;
  }

  async pausedQueues(): Promise<string[]> {
    const queues = await this.#link.connection.read((client) => client.smembers(this.#link.keys.paused));
    return queues.sort();
  }

  requeueOrphaned(): Promise<{ found: number; requeued: number; errors: string[] }> {
    return requeueOrphaned(this.#link);
  }
}

function readOutcome(reply: ReplyOf<"cancel">): ManagementOutcome {
  if (reply[0] === "done") return { outcome: "done", from: reply[1] as TaskState, to: reply[2] as TaskState };
  if (reply[0] === "refused") return { outcome: "refused", state: reply[1] as TaskState };
  return { outcome: "not_found" };
}

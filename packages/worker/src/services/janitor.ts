import type { RetentionPolicy, TaskUpkeep } from "@workstream/core";
import { jittered } from "../backoff.ts";
import type { Service } from "./service-loop.ts";

export type PruneCounts = Awaited<ReturnType<TaskUpkeep["prune"]>>;

const chunk = 200;
const intervalMs = 45_000;
/** Between full chunks: 200 tasks each 50 ms outpace what one worker completes, and leave the store room. */
const busyMs = 50;

/** Removes tasks that are past their retention. */
export class Janitor implements Service<PruneCounts> {
  readonly name = "janitor";
  readonly maxBackoffMs = intervalMs;
  readonly #store: Pick<TaskUpkeep, "prune">;
  readonly #policy: RetentionPolicy;

  constructor(store: Pick<TaskUpkeep, "prune">, policy: RetentionPolicy) {
    this.#store = store;
    this.#policy = policy;
  }

  runOnce(): Promise<PruneCounts> {
    return this.#store.prune(this.#policy, chunk);
  }

  delayMs({ pruned }: PruneCounts): number {
    return pruned >= chunk ? busyMs : jittered(intervalMs, 0.33);
  }
}

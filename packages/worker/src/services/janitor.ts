import type { RetentionPolicy, TaskUpkeep } from "@workstream/core";
import { jittered } from "../backoff.ts";
import type { Service } from "./service-loop.ts";

export type PruneCounts = Awaited<ReturnType<TaskUpkeep["prune"]>>;

const chunk = 200;
const intervalMs = 45_000;

/**
 * Removes tasks that are past their retention. Between full chunks it rests for as long as the last one took: so it outpaces
 * what its worker completes, and leaves the store half of its time.
 */
export class Janitor implements Service<PruneCounts> {
  readonly name = "janitor";
  readonly maxBackoffMs = intervalMs;
  readonly #store: Pick<TaskUpkeep, "prune">;
  readonly #policy: RetentionPolicy;
  #tookMs = 0;

  constructor(store: Pick<TaskUpkeep, "prune">, policy: RetentionPolicy) {
    this.#store = store;
    this.#policy = policy;
  }

  async runOnce(): Promise<PruneCounts> {
    const startedAt = performance.now();
    const counts = await this.#store.prune(this.#policy, chunk);
    this.#tookMs = performance.now() - startedAt;
    return counts;
  }

  delayMs({ pruned }: PruneCounts): number {
    return pruned >= chunk ? this.#tookMs : jittered(intervalMs, 0.33);
  }
}

import type { TaskUpkeep } from "@workstream/core";
import { jittered } from "../backoff.ts";
import type { Service } from "./service-loop.ts";

export type PromoteCounts = Awaited<ReturnType<TaskUpkeep["promote"]>>;

const chunk = 250;
const idleMs = 1000;
/** Two workers that wait for the same due task should not both come at the first millisecond. */
const leastMs = 5;

/**
 * Moves due tasks to their queues: sleeps until the next one is due, at most about a second, since another
 * process may schedule something sooner.
 */
export class Promoter implements Service<PromoteCounts> {
  readonly name = "promoter";
  readonly maxBackoffMs = 5000;
  readonly #store: Pick<TaskUpkeep, "promote">;

  constructor(store: Pick<TaskUpkeep, "promote">) {
    this.#store = store;
  }

  runOnce(): Promise<PromoteCounts> {
    return this.#store.promote(chunk);
  }

  delayMs({ promoted, nextDueInMs }: PromoteCounts): number {
    if (promoted >= chunk) return leastMs;
    const longestMs = jittered(idleMs, 0.2);
    return nextDueInMs === null ? longestMs : Math.min(longestMs, Math.max(leastMs, nextDueInMs));
  }
}

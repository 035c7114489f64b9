import type { ExtendOutcome, ExtendRequest, TaskLeases, Unanswered } from "@workstream/core";
import type { Attempt } from "../attempt/attempt.ts";
import type { Service } from "./service-loop.ts";

type Parts = {
  store: Pick<TaskLeases, "extend">;
  workerId: string;
  leaseMs: number;
  attempts: Iterable<Attempt>;
  /** The store refused to extend the lease of a running attempt. */
  onLost(attempt: Attempt): void;
};

export type ExtendCounts = { extended: number; lost: number };

const maxBatch = 500;

/**
 * Keeps the leases of running tasks alive, and carries their progress, and what is to go on record as begun.
 *
 * A lease is the right to finish a task. It is extended at a third of its length, so two extensions in a row
 * may be lost before another worker may take the task. A refused extension means that one has, or that the
 * task was cancelled: the handler is aborted and its result is dropped (invariant 4). An extension that fails
 * says nothing of the lease, so the handler goes on: after an outage the reaper waits a lease length before
 * it takes anything.
 *
 * Attempts whose settlement is not answered yet keep their lease too; what the store says of those comes with
 * the settlement.
 */
export class LeaseKeeper implements Service<ExtendCounts> {
  readonly name = "lease keeper";
  readonly maxBackoffMs: number;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.maxBackoffMs = parts.leaseMs / 6;
  }

  runOnce(): Promise<ExtendCounts> {
    return this.extend([...this.#parts.attempts]);
  }

  delayMs(): number {
    return this.#parts.leaseMs / 3;
  }

  async extend(attempts: readonly Attempt[]): Promise<ExtendCounts> {
    const counts = { extended: 0, lost: 0 };
    for (let from = 0; from < attempts.length; from += maxBatch) {
      const batch = attempts.slice(from, from + maxBatch);
      const outcomes = await this.#extendBatch(batch);
      batch.forEach((attempt, index) => {
        if (outcomes[index] === "extended") counts.extended += 1;
        else if (outcomes[index] === "unanswered") return;
        else if (this.#noteRefusal(attempt)) counts.lost += 1;
      });
    }
    return counts;
  }

  async #extendBatch(batch: readonly Attempt[]): Promise<(ExtendOutcome | Unanswered)[]> {
    const { store, workerId, leaseMs } = this.#parts;
    const requests = batch.map(requestFor);
    try {
      const outcomes = await store.extend(workerId, requests, leaseMs);
      batch.forEach((attempt, index) => {
        if (outcomes[index] === "unanswered") attempt.unsentProgress ??= requests[index]?.progress ?? null;
        if (outcomes[index] === "extended" && requests[index]?.hasBegun) attempt.record = "made";
      });
      return outcomes;
    } catch (error) {
      batch.forEach((attempt, index) => {
        attempt.unsentProgress ??= requests[index]?.progress ?? null;
      });
      throw error;
    }
  }

  #noteRefusal(attempt: Attempt): boolean {
    if (attempt.isOver || attempt.isRevoked) return false;
    this.#parts.onLost(attempt);
    return true;
  }
}

/** Takes the progress along; it is put back when the call fails and nothing newer was reported. */
function requestFor(attempt: Attempt): ExtendRequest {
  const { id, token } = attempt.task;
  const progress = attempt.unsentProgress;
  attempt.unsentProgress = null;
  return {
    ...{ id, token },
    ...(progress === null ? {} : { progress }),
    ...(attempt.record === "asked" ? { hasBegun: true } : {}),
  };
}

import type { ClaimedTask } from "@workstream/core";
import type { Attempt } from "./attempt.ts";

type Parts = {
  /** All that the worker holds. */
  attempts: Iterable<Attempt>;
  /** Workers that a task may take down before it is buried. */
  maxLostWorkers: number;
};

/** A suspect is a task that some worker held when it was lost. */
export function isSuspect({ attempt, retryCount }: ClaimedTask): boolean {
  return lostWorkers({ attempt, retryCount }) > 0;
}

function lostWorkers({ attempt, retryCount }: Pick<ClaimedTask, "attempt" | "retryCount">): number {
  return attempt - 1 - retryCount;
}

/**
 * What is done so that a lost worker buries the task which took it down, and no other (docs/protocol.md, "Strikes").
 *
 * The store gives a suspect another strike only when it was told that the attempt begins, so what a worker merely held gets
 * none. And a task that the next strike would bury runs beside no other suspect here: if the worker is lost, it alone is
 * buried.
 */
export class Suspects {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The store must know of this attempt before its handler begins. */
  needsRecord({ task }: Attempt): boolean {
    return this.#parts.maxLostWorkers === 1 || isSuspect(task);
  }

  /** It, or one that runs here, is on its last strike: it is to run another time, or elsewhere. */
  mustStandBack(attempt: Attempt): boolean {
    if (!isSuspect(attempt.task)) return false;
    const isLast = this.#isOnLastStrike(attempt.task);
    for (const other of this.#parts.attempts) {
      if (other === attempt || other.isOver || other.isWaiting || !isSuspect(other.task)) continue;
      if (isLast || this.#isOnLastStrike(other.task)) return true;
    }
    return false;
  }

  #isOnLastStrike(task: ClaimedTask): boolean {
    return lostWorkers(task) >= this.#parts.maxLostWorkers - 1;
  }
}

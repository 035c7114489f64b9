import type { Clock } from "../clock.ts";
import type { Attempt } from "./attempt.ts";

type Parts = {
  attempts: Iterable<Attempt>;
  clock: Clock;
  /** The attempt is past its deadline. It moves the deadline, or ends the attempt. */
  onPassed(attempt: Attempt): void;
};

/** Node fires a timer longer than this at once. A sweep that comes early sets the next one. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Watches the deadlines of all running attempts with one timer.
 *
 * The timer stands at the earliest deadline known when it was set. Most attempts are gone long before theirs,
 * so starting one costs a comparison instead of a timer.
 */
export class TimeLimits {
  readonly #parts: Parts;
  #timer: NodeJS.Timeout | null = null;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Call it for a new attempt, and when the deadline of one has moved. */
  watch(attempt: Attempt): void {
    if (attempt.deadlineAt < this.#timerAt) this.#setTimer(attempt.deadlineAt);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  #setTimer(at: number): void {
    this.stop();
    this.#timerAt = at;
    const delayMs = Math.min(longestTimerMs, Math.max(1, Math.ceil(at - this.#parts.clock.nowMs())));
    this.#timer = setTimeout(() => this.#sweep(), delayMs);
  }

  #sweep(): void {
    this.stop();
    const now = this.#parts.clock.nowMs();
    for (const attempt of this.#parts.attempts) {
      if (!attempt.isOver && attempt.deadlineAt <= now) this.#parts.onPassed(attempt);
    }
    let earliest = Number.POSITIVE_INFINITY;
    for (const { isOver, deadlineAt } of this.#parts.attempts) {
      if (!isOver) earliest = Math.min(earliest, deadlineAt);
    }
    if (earliest !== Number.POSITIVE_INFINITY) this.#setTimer(earliest);
  }
}

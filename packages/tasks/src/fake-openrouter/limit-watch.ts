import type { ParsedControl } from "./control.ts";

export type WatchedLimit = NonNullable<ParsedControl["limit"]>;

export type LimitReport = {
  requests: number;
  intervalMs: number;
  /** Calls that came when the bucket was empty. */
  exceededBy: number;
  /** The most calls by which any window held more than `requests` + rate × its length; 0: none did. */
  worstExcess: number;
};

/**
 * Holds calls against a token bucket, by the instants at which they arrived.
 *
 * A bucket that starts full goes below zero exactly when some window [s, t] held more than capacity + rate × (t − s), and
 * its lowest level is the largest excess. Calls that are refused don't count.
 */
export class LimitWatch {
  readonly #limit: WatchedLimit;
  #level: number;
  #lastMs: number | null = null;
  #exceededBy = 0;
  #lowest = 0;

  constructor(limit: WatchedLimit) {
    this.#limit = limit;
    this.#level = limit.requests;
  }

  /** Whether a call at this instant is within the limit. */
  take(nowMs: number): boolean {
    const { requests, intervalMs, enforces } = this.#limit;
    const refill = this.#lastMs === null ? 0 : ((nowMs - this.#lastMs) * requests) / intervalMs;
    this.#lastMs = nowMs;
    this.#level = Math.min(requests, this.#level + refill);
    const isWithin = this.#level >= 1;
    if (!isWithin) this.#exceededBy += 1;
    if (isWithin || !enforces) this.#level -= 1;
    this.#lowest = Math.min(this.#lowest, this.#level);
    return isWithin;
  }

  report(): LimitReport {
    const { requests, intervalMs } = this.#limit;
    return { requests, intervalMs, exceededBy: this.#exceededBy, worstExcess: Math.max(0, -this.#lowest) };
  }
}

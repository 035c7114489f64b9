import type { Logger } from "../logger.ts";

const intervalMs = 500;
const warnMs = 1000;

/**
 * Measures how late timers fire: how long a handler kept the event loop from everything else. The loop also
 * extends leases and beats, so a lag of seconds endangers every task of this process.
 *
 * A timer of our own, twice a second: `monitorEventLoopDelay` samples by default a hundred times a second for
 * a precision that nobody reads.
 */
export class EventLoopLag {
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | null = null;
  #expectedAt = 0;
  #lastMs = 0;
  #worstMs = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  start(): void {
    this.#expectedAt = performance.now() + intervalMs;
    this.#timer = setInterval(() => this.#measure(), intervalMs);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** The latest measurement, ms. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** The worst since this was last asked, ms. */
  takeWorstMs(): number {
    const worstMs = this.#worstMs;
    this.#worstMs = 0;
    return worstMs;
  }

  #measure(): void {
    const now = performance.now();
    this.#lastMs = Math.max(0, Math.round(now - this.#expectedAt));
    this.#worstMs = Math.max(this.#worstMs, this.#lastMs);
    this.#expectedAt = now + intervalMs;
    if (this.#lastMs <= warnMs) return;
    const facts = { lagMs: this.#lastMs };
    this.#logger.warn(facts, "the event loop was blocked: a handler computes without giving way");
  }
}

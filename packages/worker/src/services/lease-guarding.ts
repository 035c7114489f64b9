import type { LeaseGuard, LeaseGuardSettings } from "@workstream/core";
import type { Service } from "./service-loop.ts";

type Start = (settings: LeaseGuardSettings) => Promise<LeaseGuard>;

/** A handler that holds the event loop for longer than this is taken for hung, and its lease given up. */
export const silenceLimitMs = 10 * 60_000;

const day = 24 * 3_600_000;

/**
 * Keeps a lease guard told that the event loop turns. While it does not, the guard extends the leases from
 * outside. Starting one is repeated until it works once; until then a handler that holds the loop can lose its lease.
 */
export class LeaseGuarding implements Service<void> {
  readonly name = "lease guard";
  readonly maxBackoffMs = 5000;
  readonly #start: Start;
  readonly #settings: LeaseGuardSettings;
  #guard: LeaseGuard | null = null;
  #beats: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(start: Start, settings: LeaseGuardSettings) {
    this.#start = start;
    this.#settings = settings;
  }

  async runOnce(): Promise<void> {
    if (this.#guard) return;
    const guard = await this.#start(this.#settings);
    if (this.#isClosed) return guard.stop();
    this.#guard = guard;
    this.#beats = setInterval(() => guard.beat(), this.#settings.leaseMs / 6);
  }

  /** Once there is a guard there is nothing left to do. */
  delayMs(): number {
    return day;
  }

  /** A guard that is starting still is stopped when it has. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#beats);
    await this.#guard?.stop();
    this.#guard = null;
  }
}

import type { Service } from "./service-loop.ts";

const intervalMs = 5000;

/** Looks after the claim loop, which must go on by itself whatever happens to the store's connections. */
export class Watchdog implements Service<boolean> {
  readonly name = "watchdog";
  readonly maxBackoffMs = intervalMs;
  readonly #check: () => boolean;

  /** @param check restarts what stands still, and answers whether it did */
  constructor(check: () => boolean) {
    this.#check = check;
  }

  async runOnce(): Promise<boolean> {
    return this.#check();
  }

  delayMs(): number {
    return intervalMs;
  }
}

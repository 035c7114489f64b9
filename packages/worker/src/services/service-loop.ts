import { backoffMs } from "../backoff.ts";
import { Latch } from "../latch.ts";
import type { Logger } from "../logger.ts";

/** A small duty done again and again. */
export interface Service<Counts = unknown> {
  readonly name: string;
  /** After failures the wait grows up to this. */
  readonly maxBackoffMs: number;
  runOnce(): Promise<Counts>;
  /** How long to wait after a run that went well. */
  delayMs(counts: Counts): number;
}

/** Runs a service until it is stopped. A failing service is said once, and once that it works again. */
export class ServiceLoop<Counts> {
  readonly #service: Service<Counts>;
  readonly #logger: Logger;
  readonly #wake = new Latch();
  #isStopped = false;
  #wakeAt = Number.POSITIVE_INFINITY;
  #failures = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(service: Service<Counts>, logger: Logger) {
    this.#service = service;
    this.#logger = logger;
  }

  start(): void {
    this.#running = this.#loop();
  }

  /** Resolves when the run under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake.open();
    await this.#running;
  }

  /** Runs again within `ms`, if it would wait longer. */
  wakeWithin(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.#wakeAt) return;
    this.#wakeAt = at;
    this.#wake.open();
  }

  async #loop(): Promise<void> {
    while (!this.#isStopped) {
      this.#wakeAt = Number.POSITIVE_INFINITY;
      const delayMs = await this.#run();
      this.#wakeAt = Math.min(this.#wakeAt, performance.now() + delayMs);
      await this.#waitUntilDue();
    }
  }

  async #waitUntilDue(): Promise<void> {
    while (!this.#isStopped) {
      const leftMs = this.#wakeAt - performance.now();
      if (leftMs <= 0) return;
      await this.#wake.wait(leftMs);
    }
  }

  async #run(): Promise<number> {
    const { name, maxBackoffMs } = this.#service;
    try {
      const counts = await this.#service.runOnce();
      if (this.#failures > 0)
        this.#logger.info({ service: name, failures: this.#failures }, "service works again");
      this.#failures = 0;
      return this.#service.delayMs(counts);
    } catch (error) {
      this.#failures += 1;
      const level = this.#failures === 1 ? "warn" : "debug";
      this.#logger[level]({ service: name, err: error, failures: this.#failures }, "service failed");
      return backoffMs({ firstMs: Math.min(500, maxBackoffMs), capMs: maxBackoffMs }, this.#failures);
    }
  }
}

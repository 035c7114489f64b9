/**
 * Runs operations on many tasks: those that this gateway accepted, and those whose gateway is gone.
 *
 * It knows nothing of an operation but its id: what to do and how far it got stand in the store, with a lease that every
 * chunk renews. A gateway that dies stops renewing, and the next look of any other goes on from where it was. While the
 * store can't be reached nothing is lost but time. Chunks of several operations take turns, and after each the store
 * rests for as long as the chunk took, so that operations have half of it at most.
 */
import { randomUUID } from "node:crypto";
import { type BulkOperations, isErrorCode } from "@workstream/core";
import type { FastifyBaseLogger } from "fastify";

export type OperationSettings = {
  /** How long an operation counts as run without a chunk. */
  leaseMs: number;
  /** How often to look for operations whose gateway is gone. */
  lookEveryMs: number;
  /** How long to wait after the store could not be reached. */
  pauseMs: number;
};

export const defaultOperationSettings: OperationSettings = {
  leaseMs: 20_000,
  lookEveryMs: 5_000,
  pauseMs: 1_000,
};

const longestRestMs = 50;

export class OperationRunner {
  readonly #operations: BulkOperations;
  readonly #settings: OperationSettings;
  readonly #log: Pick<FastifyBaseLogger, "warn" | "error">;
  readonly #owned = new Set<string>();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  /** Names this gateway, new at every start. */
  readonly owner = randomUUID();

  constructor(
    operations: BulkOperations,
    settings: OperationSettings,
    log: Pick<FastifyBaseLogger, "warn" | "error">,
  ) {
    this.#operations = operations;
    this.#settings = settings;
    this.#log = log;
  }

  get lease() {
    return { owner: this.owner, leaseMs: this.#settings.leaseMs };
  }

  /** Looks at once for operations that nobody runs, and then now and again. */
  start(): void {
    this.#timer = setInterval(() => void this.look(), this.#settings.lookEveryMs).unref();
    void this.look();
  }

  /** Runs an operation that is leased to this gateway. */
  own(id: string): void {
    this.#owned.add(id);
    this.#run();
  }

  /** Takes over every operation that nobody runs. Never throws: the next look tries again. */
  async look(): Promise<void> {
    try {
      while (!this.#closing.signal.aborted) {
        const id = await this.#operations.claim(this.lease);
        if (id === null) return;
        this.own(id);
      }
    } catch (error) {
      if (!isTransient(error)) this.#log.error({ err: error }, "operations could not be looked for");
    }
  }

  /** Stops between chunks and gives the leases back, so that another gateway goes on at once. */
  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#closing.abort();
    await this.#running;
    const released = [...this.#owned].map((id) => this.#operations.release(id, this.owner));
    // Where it fails, the lease lapses.
    await Promise.allSettled(released);
  }

  #run(): void {
    this.#running ??= this.#runAll().finally(() => {
      this.#running = null;
      if (this.#owned.size > 0 && !this.#closing.signal.aborted) this.#run();
    });
  }

  async #runAll(): Promise<void> {
    while (this.#owned.size > 0 && !this.#closing.signal.aborted) {
      for (const id of [...this.#owned]) {
        if (this.#closing.signal.aborted) return;
        const startedAt = performance.now();
        const pauseMs = await this.#step(id);
        await this.#rest(pauseMs ?? Math.min(performance.now() - startedAt, longestRestMs));
      }
    }
  }

  /** One chunk. Answers how long to wait when the store could not be reached. */
  async #step(id: string): Promise<number | null> {
    try {
      const outcome = await this.#operations.step(id, this.lease);
      if (outcome !== "more") this.#owned.delete(id);
      return null;
    } catch (error) {
      if (isTransient(error)) return this.#settings.pauseMs;
      this.#owned.delete(id);
      await this.#fail(id, error);
      return null;
    }
  }

  async #fail(id: string, error: unknown): Promise<void> {
    this.#log.error({ err: error, operation: id }, "an operation failed");
    const message = error instanceof Error ? error.message : String(error);
    await this.#operations.fail(id, this.owner, message).catch((fault) => {
      this.#log.warn({ err: fault, operation: id }, "the end of an operation could not be stored");
    });
  }

  #rest(ms: number): Promise<void> {
    const { signal } = this.#closing;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
      if (signal.aborted) done();
    });
  }
}

function isTransient(error: unknown): boolean {
  return isErrorCode(error, "store_unavailable", "outcome_unknown", "store_full");
}

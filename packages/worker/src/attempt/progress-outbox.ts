import type { Logger } from "../logger.ts";
import type { Attempt } from "./attempt.ts";

type Parts = {
  /** Sends the progress of these attempts, with their leases. */
  send(attempts: readonly Attempt[]): Promise<unknown>;
  logger: Logger;
};

export const progressIntervalMs = 250;

/**
 * Sends progress at most once in 250 ms for all attempts together; `flush` sends the last of those that end, and what is
 * to go on record of those that begin.
 *
 * Progress is best effort: when the store does not take it, it goes with the next extension of the lease.
 */
export class ProgressOutbox {
  readonly #parts: Parts;
  readonly #waiting = new Set<Attempt>();
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> = Promise.resolve();
  #flushing: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The attempt has something to send. */
  add(attempt: Attempt): void {
    this.#waiting.add(attempt);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.#send();
    }, progressIntervalMs);
  }

  /**
   * Resolves when what was reported until now was sent, or could not be. Flushes of one turn share a call.
   */
  flush(): Promise<void> {
    this.#flushing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#flushing = null;
      return this.#send();
    });
    return this.#flushing;
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** One call after another, so that an older value never comes after a newer one. */
  #send(): Promise<void> {
    this.#sending = this.#sending.then(async () => {
      const attempts = [...this.#waiting];
      this.#waiting.clear();
      if (attempts.length === 0) return;
      await this.#parts.send(attempts).catch((error: unknown) => {
        this.#parts.logger.debug({ err: error, attempts: attempts.length }, "progress could not be stored");
      });
    });
    return this.#sending;
  }
}

/**
 * An estimate of the store's time, for minting ids without a round trip.
 *
 * The offset to our monotonic clock is measured when the store is opened, and then once a minute: TIME halfway through
 * its round trip. A test's clock takes its place.
 */
import type { Connection } from "./connection.ts";

const measureEveryMs = 60_000;

export class StoreClock {
  readonly #injected: (() => number) | undefined;
  #offsetMs = Date.now() - performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(injected?: () => number) {
    this.#injected = injected;
  }

  /** Epoch ms. */
  now(): number {
    return this.#injected ? this.#injected() : Math.floor(performance.now() + this.#offsetMs);
  }

  async follow(connection: Connection): Promise<void> {
    if (this.#injected) return;
    await this.#measure(connection);
    this.#timer = setInterval(() => this.#measure(connection).catch(() => {}), measureEveryMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #measure(connection: Connection): Promise<void> {
    const sentAt = performance.now();
    const [seconds = "0", micros = "0"] = (await connection.read((client) => client.time())).map(String);
    const halfway = (sentAt + performance.now()) / 2;
    this.#offsetMs = Number(seconds) * 1_000 + Number(micros) / 1_000 - halfway;
  }
}

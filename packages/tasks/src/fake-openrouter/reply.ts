import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** The answer to one request, on which faults of the connection can be played. */
export class Reply {
  readonly #response: ServerResponse;
  readonly #gone = new AbortController();
  /** A status, `cut`, `reset`, or `aborted` when the caller went away first. */
  outcome: string | null = null;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.once("close", () => {
      const isWhole = response.writableFinished || this.outcome === "cut" || this.outcome === "reset";
      if (!isWhole) this.outcome = "aborted";
      this.#gone.abort();
    });
    response.on("error", () => {});
  }

  get isGone(): boolean {
    return this.#gone.signal.aborted;
  }

  /** Ends early when the caller goes away. */
  async pause(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.#gone.signal }).catch(() => {});
  }

  json(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.text(status, JSON.stringify(body), { "content-type": "application/json", ...headers });
  }

  text(status: number, body: string, headers: Record<string, string>): void {
    if (this.isGone) return;
    this.outcome = String(status);
    this.#response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
  }

  open(status: number, headers: Record<string, string>): void {
    if (this.isGone) return;
    this.outcome = String(status);
    this.#response.writeHead(status, headers).flushHeaders();
  }

  /** Resolves when it is on its way, so that what follows can't overtake it. */
  write(text: string): Promise<void> {
    if (this.isGone) return Promise.resolve();
    return new Promise((resolve) => {
      this.#response.write(text, () => resolve());
    });
  }

  end(): void {
    this.#response.end();
  }

  /** Ends the connection in the middle of the answer. */
  cut(): void {
    this.outcome = "cut";
    this.#response.destroy();
  }

  reset(): void {
    this.outcome = "reset";
    this.#response.socket?.resetAndDestroy();
  }
}

import type { Attempt } from "./attempt.ts";
import { AttemptOutput, type OutputParts } from "./attempt-output.ts";

export const outputIntervalMs = 100;

/** Sends what attempts say, at most ten times a second for all of them together. */
export class OutputOutbox {
  readonly #parts: OutputParts;
  readonly #waiting = new Set<AttemptOutput>();
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: OutputParts) {
    this.#parts = parts;
  }

  write(attempt: Attempt, text: string): void {
    attempt.output ??= new AttemptOutput(attempt, this.#parts);
    attempt.output.write(text);
    this.#sendSoon(attempt.output);
  }

  restart(attempt: Attempt): void {
    if (!attempt.output) return;
    attempt.output.restart();
    this.#sendSoon(attempt.output);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #sendSoon(output: AttemptOutput): void {
    this.#waiting.add(output);
    this.#timer ??= setTimeout(() => this.#sendAll(), outputIntervalMs);
  }

  #sendAll(): void {
    this.#timer = null;
    for (const output of this.#waiting) void output.send();
    this.#waiting.clear();
  }
}

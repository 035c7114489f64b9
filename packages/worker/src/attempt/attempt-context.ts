import type { InputStore } from "@workstream/core";
import type { GuardedService } from "../definition/guarded-service.ts";
import type { TaskContext } from "../definition/task-context.ts";
import { taskError } from "../definition/verdict.ts";
import type { Logger } from "../logger.ts";
import type { Attempt } from "./attempt.ts";
import type { AttemptExtras } from "./attempt-extras.ts";
import { metadataOf } from "./task-input.ts";

export type ContextParts = {
  inputs: Pick<InputStore, "read">;
  extras: Pick<AttemptExtras, "service" | "step" | "write" | "restartOutput">;
  logger: Logger;
  onProgress(attempt: Attempt): void;
};

export const maxProgressLength = 16 * 1024;

/** The handler's view of its attempt. What costs something is made when it is first asked for. */
export class AttemptContext implements TaskContext {
  readonly #attempt: Attempt;
  readonly #parts: ContextParts;
  #logger: Logger | null = null;
  #metadata: Readonly<Record<string, unknown>> | null = null;

  constructor(attempt: Attempt, parts: ContextParts) {
    this.#attempt = attempt;
    this.#parts = parts;
  }

  get id(): string {
    return this.#attempt.task.id;
  }

  get type(): string {
    return this.#attempt.task.type;
  }

  get queue(): string {
    return this.#attempt.task.queue;
  }

  get attempt(): number {
    return this.#attempt.task.attempt;
  }

  get retriesLeft(): number {
    const { maxRetries, retryCount } = this.#attempt.task;
    return Math.max(0, maxRetries - retryCount);
  }

  get leaseToken(): string {
    return this.#attempt.task.token;
  }

  get signal(): AbortSignal {
    return this.#attempt.signal;
  }

  get contentName(): string | null {
    const { contentKind, content } = this.#attempt.task;
    return contentKind === "file" ? content : null;
  }

  get metadata(): Readonly<Record<string, unknown>> {
    this.#metadata ??= metadataOf(this.#attempt.task);
    return this.#metadata;
  }

  get logger(): Logger {
    const { id, type, attempt } = this.#attempt.task;
    this.#logger ??= this.#parts.logger.child({ taskId: id, taskType: type, attempt });
    return this.#logger;
  }

  progress(value: unknown): void {
    const json: string | undefined = JSON.stringify(value);
    if (json === undefined) throw new TypeError("Progress must be a value that JSON can hold.");
    if (json.length > maxProgressLength) {
      throw new RangeError(
        `Progress must be at most ${maxProgressLength} characters of JSON, not ${json.length}.`,
      );
    }
    if (this.#attempt.isOver) return;
    this.#attempt.unsentProgress = json;
    this.#attempt.hasReported = true;
    this.#parts.onProgress(this.#attempt);
  }

  async *readInput(): AsyncGenerator<Uint8Array> {
    const chunks = await this.#parts.inputs.read(this.id);
    if (!chunks) throw taskError("ValidationError", "The task has no uploaded file.");
    yield* chunks;
  }

  service(name: string): GuardedService {
    return this.#parts.extras.service(this.#attempt, name);
  }

  output(text: string): void {
    if (typeof text !== "string") throw new TypeError("Output must be text.");
    if (text === "" || this.#attempt.isOver) return;
    this.#parts.extras.write(this.#attempt, text);
  }

  restartOutput(): void {
    if (!this.#attempt.isOver) this.#parts.extras.restartOutput(this.#attempt);
  }

  step<T>(name: string, run: () => Promise<T>): Promise<T> {
    return this.#parts.extras.step(this.#attempt, name, run);
  }
}

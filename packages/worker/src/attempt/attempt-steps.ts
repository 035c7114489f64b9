import type { TaskSteps } from "@workstream/core";
import { backoffMs } from "../backoff.ts";
import type { Logger } from "../logger.ts";
import type { Attempt } from "./attempt.ts";

export type StepParts = { steps: TaskSteps; workerId: string; logger: Logger };

export const maxStepNameLength = 200;
export const maxStepValueBytes = 256 * 1024;

const maxTries = 3;
const retryBackoff = { firstMs: 100, capMs: 1000 };

/** What one attempt knows of the parts of its task that are done, its own and those of earlier attempts. */
export class AttemptSteps {
  readonly #attempt: Attempt;
  readonly #parts: StepParts;
  readonly #running = new Map<string, Promise<unknown>>();
  #remembered: Promise<Map<string, string>> | null = null;
  #writes = 0;
  #hasRemembered = false;

  constructor(attempt: Attempt, parts: StepParts) {
    this.#attempt = attempt;
    this.#parts = parts;
  }

  /** Some part is done, and need not be run or paid for again. */
  get hasRemembered(): boolean {
    return this.#hasRemembered;
  }

  get isWriting(): boolean {
    return this.#writes > 0;
  }

  /** @throws TypeError for a name that is no text of 1 to 200 characters */
  step<T>(name: string, run: () => Promise<T>): Promise<T> {
    if (typeof name !== "string" || name === "" || name.length > maxStepNameLength) {
      throw new TypeError(`A step's name must be text of 1 to ${maxStepNameLength} characters.`);
    }
    const known = this.#running.get(name) ?? this.#recallOrRun(name, run);
    this.#running.set(name, known);
    // One that failed may be run again within the attempt.
    known.catch(() => this.#running.delete(name));
    return known as Promise<T>;
  }

  /** At the end of a task that completed. Never throws: what is left goes with the task, or after 7 days. */
  async forget(): Promise<void> {
    if (!this.#hasRemembered) return;
    const { steps, logger } = this.#parts;
    const taskId = this.#attempt.task.id;
    await steps.forget(taskId).catch((error: unknown) => {
      logger.debug({ err: error, taskId }, "the steps of a completed task were not forgotten");
    });
  }

  async #recallOrRun<T>(name: string, run: () => Promise<T>): Promise<T> {
    const value = (await this.#recall()).get(name);
    if (value !== undefined) return JSON.parse(value) as T;
    const result = await run();
    await this.#remember(name, result);
    return result;
  }

  /** Read once; after a fault the next step tries again. */
  #recall(): Promise<Map<string, string>> {
    this.#remembered ??= this.#parts.steps.read(this.#attempt.task.id).then(
      (remembered) => {
        if (remembered.size > 0) this.#hasRemembered = true;
        return remembered;
      },
      (error: unknown) => {
        this.#remembered = null;
        throw error;
      },
    );
    return this.#remembered;
  }

  async #remember(name: string, result: unknown): Promise<void> {
    const value = jsonOf(result);
    if (value === null || Buffer.byteLength(value) > maxStepValueBytes) {
      const why = value === null ? "JSON can't hold it" : "it is too large";
      this.#logForgotten(name, { why });
      return;
    }
    this.#writes += 1;
    try {
      await this.#write({ name, value });
    } finally {
      this.#writes -= 1;
      this.#attempt.guard?.changed.open();
    }
  }

  async #write(step: { name: string; value: string }): Promise<void> {
    const { steps, workerId } = this.#parts;
    const { id, token } = this.#attempt.task;
    for (let failures = 1; ; failures += 1) {
      try {
        const outcome = await steps.write(workerId, { id, token }, step);
        if (outcome === "written") this.#hasRemembered = true;
        else this.#logForgotten(step.name, { why: outcome });
        return;
      } catch (error) {
        if (failures >= maxTries) {
          this.#logForgotten(step.name, { err: error });
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, backoffMs(retryBackoff, failures)));
      }
    }
  }

  #logForgotten(step: string, why: Record<string, unknown>): void {
    const taskId = this.#attempt.task.id;
    this.#parts.logger.warn(
      { taskId, step, ...why },
      "a step was not remembered; a next attempt runs it again",
    );
  }
}

/** Null: JSON can't hold it. Nothing at all is remembered as JSON's null. */
function jsonOf(value: unknown): string | null {
  if (value === undefined) return "null";
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    return null;
  }
}

import { isErrorCode, type NewOutput, type TaskOutputs } from "@workstream/core";
import type { Logger } from "../logger.ts";
import type { Attempt } from "./attempt.ts";

export type OutputParts = {
  outputs: Pick<TaskOutputs, "append" | "read">;
  workerId: string;
  logger: Logger;
};

/** More than that between two sends, and the oldest of it gives way. The whole log holds 256 kB. */
const maxUnsentLength = 64 * 1024;

const reset: NewOutput = { kind: "reset", text: "" };

/** The partial output of one attempt on its way to the store: in order, one call at a time. */
export class AttemptOutput {
  readonly #attempt: Attempt;
  readonly #parts: OutputParts;
  #unsent = "";
  #isNew = true;
  #mustReset = false;
  #sending: Promise<void> = Promise.resolve();

  constructor(attempt: Attempt, parts: OutputParts) {
    this.#attempt = attempt;
    this.#parts = parts;
  }

  write(text: string): void {
    this.#unsent = (this.#unsent + text).slice(-maxUnsentLength);
  }

  restart(): void {
    this.#unsent = "";
    this.#mustReset = true;
  }

  /** Resolves when what was written until now was stored, or could not be. */
  send(): Promise<void> {
    this.#sending = this.#sending.then(() => this.#send());
    return this.#sending;
  }

  async #send(): Promise<void> {
    const { outputs, workerId, logger } = this.#parts;
    const { id, token } = this.#attempt.task;
    if (this.#attempt.isRevoked || (this.#unsent === "" && !this.#mustReset)) return;
    const entries = this.#takeEntries();
    try {
      if (this.#isNew && entries[0]?.kind !== "reset" && (await this.#followsOthers()))
        entries.unshift(reset);
      await outputs.append(workerId, { id, token }, entries);
      this.#isNew = false;
    } catch (error) {
      if (isErrorCode(error, "store_unavailable")) this.#putBack(entries);
      logger.debug({ err: error, taskId: id }, "output could not be stored");
    }
  }

  #takeEntries(): NewOutput[] {
    const entries: NewOutput[] = this.#mustReset ? [reset] : [];
    if (this.#unsent !== "") entries.push({ kind: "output", text: this.#unsent });
    this.#unsent = "";
    this.#mustReset = false;
    return entries;
  }

  /** Only what surely was not stored is sent again: the same text twice is worse than a gap. */
  #putBack(entries: readonly NewOutput[]): void {
    if (this.#mustReset) return;
    const text = entries.map((entry) => entry.text).join("");
    this.#unsent = (text + this.#unsent).slice(-maxUnsentLength);
    this.#mustReset = entries.some(({ kind }) => kind === "reset");
  }

  /** Whether an earlier attempt may have said something; hand-backs and snoozes leave no trace in the task. */
  async #followsOthers(): Promise<boolean> {
    const { id, attempt, wasParked } = this.#attempt.task;
    if (attempt > 1 || wasParked) return true;
    return this.#parts.outputs.read(id, 0).then(
      (entries) => entries.length > 0,
      () => true,
    );
  }
}

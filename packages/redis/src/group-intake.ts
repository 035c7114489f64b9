/**
 * Accepting single tasks, many in one script while many come.
 *
 * A task is sent at once when nothing is under way. Those that come while a script is out wait for its end and then go
 * together: one script of 50 costs Redis a third of 50 scripts of one. Each keeps an outcome of its own.
 */
import { isErrorCode, WorkstreamError } from "@workstream/core";
import {
  type BatchOutcome,
  declaredKeys,
  firstPart,
  type IntakePart,
  type IntakeRecord,
  readOutcomes,
} from "./intake-record.ts";
import type { StoreLink } from "./store-link.ts";

type Waiting = { record: IntakeRecord; resolve(outcome: BatchOutcome): void; reject(error: unknown): void };

/** Two scripts under way keep Redis and the network busy at the same time. */
const maxUnderWay = 2;

export class GroupIntake {
  readonly #link: StoreLink;
  #waiting: Waiting[] = [];
  #underWay = 0;

  constructor(link: StoreLink) {
    this.#link = link;
  }

  enqueue(record: IntakeRecord): Promise<BatchOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, resolve, reject });
      this.#sendNext();
    });
  }

  async #sendNext(): Promise<void> {
    if (this.#underWay === maxUnderWay || this.#waiting.length === 0) return;
    this.#underWay += 1;
    const part = firstPart(this.#waiting.map(({ record }) => record));
    const group = this.#waiting.splice(0, part.records.length);
    try {
      await this.#send(group, part);
    } finally {
      this.#underWay -= 1;
      this.#sendNext();
    }
  }

  async #send(group: readonly Waiting[], { records, json }: IntakePart): Promise<void> {
    try {
      const [, ...exceptions] = await this.#link.scripts.run("enqueue", {
        args: { isBatch: "0", tasks: json },
        keys: declaredKeys(records, this.#link),
      });
      const outcomes = readOutcomes(records, exceptions);
      for (const [index, { resolve }] of group.entries()) resolve(outcomes[index] as BatchOutcome);
    } catch (error) {
      for (const { record, reject } of group) reject(withTaskId(error, record.task.id));
    }
  }
}

/** Who doesn't know whether a task was accepted can ask for it by its id. */
function withTaskId(error: unknown, id: string): unknown {
  if (!isErrorCode(error, "outcome_unknown")) return error;
  return new WorkstreamError(error.code, error.message, { details: { task_id: id }, cause: error });
}

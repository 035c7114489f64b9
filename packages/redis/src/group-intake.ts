/**
 * Accepting single tasks, many in one script while many come.
 *
 * What comes in one turn of the event loop goes together, and so does what comes while scripts are out: one script of 50
 * costs Redis a third of 50 scripts of one. Each task keeps an outcome of its own.
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
/** So many don't wait for the end of the turn: Redis works on them while the rest of the turn is handled. */
const fullGroup = 16;

export class GroupIntake {
  readonly #link: StoreLink;
  #waiting: Waiting[] = [];
  #underWay = 0;
  #isDue = false;

  constructor(link: StoreLink) {
    this.#link = link;
  }

  enqueue(record: IntakeRecord): Promise<BatchOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, resolve, reject });
      this.#sendSoon();
    });
  }

  /** At the end of this turn, for requests that arrived together are handled one after the other in it. */
  #sendSoon(): void {
    if (this.#waiting.length >= fullGroup) void this.#sendNext();
    if (this.#isDue || this.#waiting.length === 0) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      void this.#sendNext();
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
      this.#sendSoon();
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

/** Accepting tasks: single ones through group-intake.ts, a batch in one script, a large batch through task-batch.ts. */
import {
  type EnqueueOutcome,
  maxBatchSize,
  mintTaskId,
  type NewTask,
  type TaskIntake,
  WorkstreamError,
} from "@workstream/core";
import { GroupIntake } from "./group-intake.ts";
import type { RedisInputs } from "./input-store.ts";
import {
  type BatchOutcome,
  declaredKeys,
  type IntakePart,
  type IntakeRecord,
  intakeParts,
  intakeRecord,
  readOutcomes,
} from "./intake-record.ts";
import type { StoreLink } from "./store-link.ts";
import { BatchIntake } from "./task-batch.ts";

export class RedisIntake implements TaskIntake {
  readonly #link: StoreLink;
  readonly #inputs: RedisInputs;
  readonly #groups: GroupIntake;
  readonly #batches: BatchIntake;

  constructor(link: StoreLink, inputs: RedisInputs) {
    this.#link = link;
    this.#inputs = inputs;
    this.#groups = new GroupIntake(link);
    this.#batches = new BatchIntake(link);
  }

  mintId(): string {
    return mintTaskId(this.#link.clock.now());
  }

  async enqueue(task: NewTask): Promise<EnqueueOutcome> {
    const outcome = await this.#groups.enqueue(await this.#record(task));
    if (outcome.outcome !== "refused") return outcome;
    throw new WorkstreamError(
      "invalid_input",
      "The task's bytes were not uploaded, or more than an hour ago.",
    );
  }

  async enqueueBatch(tasks: readonly NewTask[]): Promise<BatchOutcome[]> {
    if (tasks.length > maxBatchSize) {
      throw new WorkstreamError("invalid_input", `A batch holds at most ${maxBatchSize} tasks.`);
    }
    const records: IntakeRecord[] = [];
    for (const task of tasks) {
      const record = this.#record(task);
      records.push(record instanceof Promise ? await record : record);
    }
    const parts = intakeParts(records);
    const [first, ...others] = parts;
    if (!first) return [];
    return others.length === 0 ? this.#acceptAll(first) : this.#batches.enqueue(parts);
  }

  async remembers(keys: readonly string[]): Promise<boolean> {
    const { connection, keys: names } = this.#link;
    const asked = [...new Set(keys)].map((key) => names.idempotency(key));
    return (
      asked.length === 0 || asked.length === (await connection.read((client) => client.exists(...asked)))
    );
  }

  /** Text too long for the hash goes up first, in chunks, as a file does. */
  #record(task: NewTask): IntakeRecord | Promise<IntakeRecord> {
    const record = intakeRecord(task, this.#link.clock.now());
    if (!record.hasUpload || task.contentKind === "file") return record;
    return this.#inputs.writeText(task.id, task.content).then(() => record);
  }

  async #acceptAll({ records, json }: IntakePart): Promise<BatchOutcome[]> {
    const [verdict, ...exceptions] = await this.#link.scripts.run("enqueue", {
      args: { isBatch: "1", tasks: json },
      keys: declaredKeys(records, this.#link),
    });
    return readOutcomes(records, exceptions, verdict === "refused");
  }
}

/**
 * Accepting tasks. Ids take turns at the partitions, and a task goes where its id says; one with an idempotency key goes where
 * its key lives, so that a key is exact. A batch goes to one partition as a whole, so that it is accepted or not.
 *
 * A batch whose items have keys that live apart is looked at before, and then accepted part by part: a conflict that comes up
 * in between undoes what was created. Only a partition that fails in between leaves a part; repeating the batch completes it.
 */
import {
  type EnqueueOutcome,
  maxBatchSize,
  mintTaskId,
  type NewTask,
  type TaskIntake,
  WorkstreamError,
} from "@workstream/core";
import type { KeyHomes } from "./key-homes.ts";
import { homeOfKey, withPartition } from "./partition-ids.ts";
import type { Partition, PartitionSet } from "./partition-set.ts";

type BatchOutcome = EnqueueOutcome | { outcome: "refused"; id: string };
type Part = { partition: Partition; tasks: NewTask[]; places: number[] };

export class PartitionedIntake implements TaskIntake {
  readonly #partitions: PartitionSet;
  readonly #homes: KeyHomes;
  #turn: number;

  constructor(partitions: PartitionSet, homes: KeyHomes) {
    this.#partitions = partitions;
    this.#homes = homes;
    this.#turn = Math.floor(Math.random() * partitions.count);
  }

  mintId(group?: string): string {
    const { count, home } = this.#partitions;
    this.#turn = (this.#turn + 1) % count;
    const index = group === undefined ? this.#turn : homeOfKey(group, count);
    return withPartition(mintTaskId(home.link.clock.now()), index);
  }

  async enqueue(task: NewTask): Promise<EnqueueOutcome> {
    const partition = await this.#placeOf(task);
    await this.#moveInput(task, partition);
    const outcome = await partition.stores.tasks.enqueue(task);
    this.#partitions.note(outcome.id, partition);
    return outcome;
  }

  async enqueueBatch(tasks: readonly NewTask[]): Promise<BatchOutcome[]> {
    if (tasks.length > maxBatchSize) {
      throw new WorkstreamError("invalid_input", `A batch holds at most ${maxBatchSize} tasks.`);
    }
    const parts = await this.#partsOf(tasks);
    for (const { tasks: own, partition } of parts) {
      for (const task of own) await this.#moveInput(task, partition);
    }
    const [only, ...others] = parts;
    if (!only) return [];
    return others.length === 0 ? this.#acceptPart(only) : this.#acceptParts(tasks, parts);
  }

  async remembers(keys: readonly string[]): Promise<boolean> {
    const asked = new Map<Partition, string[]>();
    for (const key of keys) {
      const home = await this.#homes.of(key);
      const own = asked.get(home) ?? [];
      asked.set(home, own);
      own.push(key);
    }
    const answers = [...asked].map(([{ stores }, own]) => stores.tasks.remembers(own));
    return (await Promise.all(answers)).every(Boolean);
  }

  async #placeOf({ id, idempotency }: NewTask): Promise<Partition> {
    return idempotency ? this.#homes.of(idempotency.key) : this.#partitions.of(id);
  }

  /** Tasks without a key go with the first one of the batch. */
  async #partsOf(tasks: readonly NewTask[]): Promise<Part[]> {
    const [first] = tasks;
    if (!first) return [];
    const beside = await this.#placeOf(first);
    const parts = new Map<number, Part>();
    for (const [at, task] of tasks.entries()) {
      const partition = task.idempotency ? await this.#homes.of(task.idempotency.key) : beside;
      const part = parts.get(partition.index) ?? { partition, tasks: [], places: [] };
      parts.set(partition.index, part);
      part.tasks.push(task);
      part.places.push(at);
    }
    return [...parts.values()];
  }

  async #acceptPart({ partition, tasks }: Part): Promise<BatchOutcome[]> {
    const outcomes = await partition.stores.tasks.enqueueBatch(tasks);
    for (const { id } of outcomes) this.#partitions.note(id, partition);
    return outcomes;
  }

  async #acceptParts(tasks: readonly NewTask[], parts: readonly Part[]): Promise<BatchOutcome[]> {
    const outcomes = tasks.map(({ id }): BatchOutcome => ({ outcome: "refused", id }));
    if (await this.#findConflicts(parts, outcomes)) return outcomes;
    const created: { partition: Partition; ids: string[] }[] = [];
    for (const part of parts) {
      const answers = await this.#acceptPart(part);
      part.places.forEach((at, index) => {
        const answer = answers[index];
        if (answer) outcomes[at] = answer;
      });
      created.push({ partition: part.partition, ids: answers.filter(isCreated).map(({ id }) => id) });
      if (answers.some(({ outcome }) => outcome === "conflict")) return this.#undo(created, outcomes);
    }
    return outcomes;
  }

  /** Notes what the keys of the batch were used for before with another body. */
  async #findConflicts(parts: readonly Part[], outcomes: BatchOutcome[]): Promise<boolean> {
    let isRefused = false;
    for (const { partition, tasks, places } of parts) {
      const { connection, keys } = partition.link;
      for (const [index, { idempotency }] of tasks.entries()) {
        if (!idempotency) continue;
        const kept = await connection.read((client) => client.get(keys.idempotency(idempotency.key)));
        const [fingerprint, id] = readKept(kept);
        if (id === undefined || fingerprint === idempotency.fingerprint) continue;
        outcomes[places[index] ?? 0] = { outcome: "conflict", id };
        isRefused = true;
      }
    }
    return isRefused;
  }

  async #undo(
    created: readonly { partition: Partition; ids: string[] }[],
    outcomes: readonly BatchOutcome[],
  ): Promise<BatchOutcome[]> {
    for (const { partition, ids } of created) {
      for (const id of ids) await partition.stores.tasks.delete(id);
    }
    return outcomes.map((answer) =>
      answer.outcome === "conflict" ? answer : { outcome: "refused", id: answer.id },
    );
  }

  /** A file went up to the partition of its id; it follows its task to that of its key. */
  async #moveInput({ id, contentKind }: NewTask, to: Partition): Promise<void> {
    const from = this.#partitions.of(id);
    if (contentKind !== "file" || from === to) return;
    const chunks = await from.stores.inputs.read(id);
    if (chunks === null) return;
    const writer = await to.stores.inputs.open(id);
    for await (const chunk of chunks) await writer.write(chunk);
    await (await from.stores.inputs.open(id)).abort();
  }
}

function isCreated({ outcome }: BatchOutcome): boolean {
  return outcome === "created";
}

/** `fingerprint|id`, and more while a batch reserves it. */
function readKept(kept: string | null): [fingerprint?: string, id?: string] {
  const [fingerprint, id] = kept?.split("|") ?? [];
  return id === undefined || fingerprint === undefined ? [] : [fingerprint, id];
}

/** What belongs to single tasks: files, output and steps, each where its task is. */
import type {
  InputStore,
  InputWriter,
  Lease,
  NewOutput,
  OutputEntry,
  TaskOutputs,
  TaskSteps,
} from "@workstream/core";
import type { PartitionSet } from "./partition-set.ts";

export class PartitionedInputs implements InputStore {
  readonly #partitions: PartitionSet;

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
  }

  open(taskId: string): Promise<InputWriter> {
    return this.#partitions.of(taskId).stores.inputs.open(taskId);
  }

  read(taskId: string): Promise<AsyncIterable<Uint8Array> | null> {
    return this.#partitions.find(
      taskId,
      ({ stores }) => stores.inputs.read(taskId),
      (found) => found !== null,
    );
  }
}

export class PartitionedOutputs implements TaskOutputs {
  readonly #partitions: PartitionSet;

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
  }

  async append(workerId: string, lease: Lease, entries: readonly NewOutput[]) {
    const { stores } = await this.#partitions.locate(lease.id);
    return stores.outputs.append(workerId, lease, entries);
  }

  async read(taskId: string, after: number): Promise<OutputEntry[]> {
    const { stores } = await this.#partitions.locate(taskId);
    return stores.outputs.read(taskId, after);
  }

  async subscribe(
    taskId: string,
    listener: { onEntries(entries: OutputEntry[]): void; onGap(): void },
  ): Promise<{ close(): Promise<void> }> {
    const { stores } = await this.#partitions.locate(taskId);
    return stores.outputs.subscribe(taskId, listener);
  }
}

export class PartitionedSteps implements TaskSteps {
  readonly #partitions: PartitionSet;

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
  }

  async read(taskId: string): Promise<Map<string, string>> {
    const { stores } = await this.#partitions.locate(taskId);
    return stores.steps.read(taskId);
  }

  async write(workerId: string, lease: Lease, step: { name: string; value: string }) {
    const { stores } = await this.#partitions.locate(lease.id);
    return stores.steps.write(workerId, lease, step);
  }

  async forget(taskId: string): Promise<void> {
    const { stores } = await this.#partitions.locate(taskId);
    await stores.steps.forget(taskId);
  }
}

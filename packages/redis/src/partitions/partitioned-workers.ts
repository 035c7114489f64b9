/**
 * The fleet. A worker announces itself in every partition, for each tells by that what became of the worker of a lost task;
 * what it runs is the sum of what each knows.
 */
import type { WorkerBeat, WorkerRegistry, WorkerView } from "@workstream/core";
import type { PartitionSet } from "./partition-set.ts";

export class PartitionedWorkers implements WorkerRegistry {
  readonly #partitions: PartitionSet;

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
  }

  async beat(beat: WorkerBeat): Promise<void> {
    await this.#partitions.mapAnswering(({ stores }) => stores.workers.beat(beat));
  }

  async leave(workerId: string): Promise<void> {
    await this.#partitions.mapAnswering(({ stores }) => stores.workers.leave(workerId));
  }

  async list(limit?: number): Promise<WorkerView[]> {
    const lists = await this.#partitions.mapAnswering(({ stores }) => stores.workers.list(limit));
    const views = new Map<string, WorkerView>();
    for (const view of lists.flat()) {
      const known = views.get(view.workerId);
      views.set(view.workerId, known ? together(known, view) : view);
    }
    return [...views.values()].sort((a, b) => b.lastBeatAt - a.lastBeatAt).slice(0, limit);
  }

  async onRevoked(workerId: string, listener: (taskIds: string[]) => void): Promise<() => Promise<void>> {
    const closers = await this.#partitions.mapAnswering(({ stores }) =>
      stores.workers.onRevoked(workerId, listener),
    );
    return async () => {
      await Promise.all(closers.map((close) => close()));
    };
  }
}

function together(a: WorkerView, b: WorkerView): WorkerView {
  const newest = b.lastBeatAt > a.lastBeatAt ? b : a;
  return { ...newest, activeTaskIds: [...a.activeTaskIds, ...b.activeTaskIds].sort() };
}

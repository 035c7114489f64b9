/**
 * The fleet. A worker announces itself in every partition, for each tells by that what became of the worker of a lost task;
 * what it runs is the sum of what each knows.
 */
import type { WorkerBeat, WorkerRegistry, WorkerView } from "@workstream/core";
import type { Partition, PartitionSet } from "./partition-set.ts";

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

  /** In all of them or in none: a caller that asks again hears nothing twice, and of every partition in the end. */
  async onRevoked(workerId: string, listener: (taskIds: string[]) => void): Promise<() => Promise<void>> {
    const ask = ({ stores }: Partition) => stores.workers.onRevoked(workerId, listener);
    const answers = await Promise.allSettled(this.#partitions.all.map(ask));
    const closers = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    const close = async () => {
      await Promise.all(closers.map((closeOne) => closeOne()));
    };
    const failed = answers.find((answer) => answer.status === "rejected");
    if (!failed) return close;
    await close();
    throw failed.reason;
  }
}

function together(a: WorkerView, b: WorkerView): WorkerView {
  const newest = b.lastBeatAt > a.lastBeatAt ? b : a;
  return { ...newest, activeTaskIds: [...a.activeTaskIds, ...b.activeTaskIds].sort() };
}

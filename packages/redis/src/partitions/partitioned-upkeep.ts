/** The periodic duties, done in each partition that answers. */
import type { ReapSettings, Retention, RetentionPolicy, TaskUpkeep } from "@workstream/core";
import type { Partition, PartitionSet } from "./partition-set.ts";

export class PartitionedUpkeep implements TaskUpkeep {
  readonly #partitions: PartitionSet;
  #turn = 0;

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
  }

  async promote(limit: number): Promise<{ promoted: number; nextDueInMs: number | null }> {
    const done = await this.#inTurn(limit, async ({ stores }, left) => {
      const { promoted, nextDueInMs } = await stores.tasks.promote(left);
      return { count: promoted, nextDueInMs };
    });
    const dues = done.map(({ nextDueInMs }) => nextDueInMs).filter((dueInMs) => dueInMs !== null);
    return { promoted: sum(done), nextDueInMs: dues.length > 0 ? Math.min(...dues) : null };
  }

  async reap(settings: ReapSettings): Promise<{ requeued: number; buried: number; isWaiting: boolean }> {
    const done = await this.#inTurn(settings.limit, async ({ stores }, limit) => {
      const reaped = await stores.tasks.reap({ ...settings, limit });
      return { count: reaped.requeued + reaped.buried, ...reaped };
    });
    return {
      requeued: done.reduce((total, { requeued }) => total + requeued, 0),
      buried: done.reduce((total, { buried }) => total + buried, 0),
      isWaiting: done.some(({ isWaiting }) => isWaiting),
    };
  }

  /** Each keeps its share of what is kept in all. */
  async prune(policy: RetentionPolicy, limit: number): Promise<{ pruned: number }> {
    const { count } = this.#partitions;
    const share = ({ maxAgeMs, maxCount }: Retention) => ({
      maxAgeMs,
      maxCount: Math.ceil(maxCount / count),
    });
    const shared: RetentionPolicy = {
      COMPLETED: share(policy.COMPLETED),
      FAILED: share(policy.FAILED),
      DLQ: share(policy.DLQ),
      CANCELLED: share(policy.CANCELLED),
    };
    const done = await this.#inTurn(limit, async ({ stores }, left) => ({
      count: (await stores.tasks.prune(shared, left)).pruned,
    }));
    return { pruned: sum(done) };
  }

  /** Each gets what the ones before it left of the limit; another one begins each time. */
  async #inTurn<T extends { count: number }>(
    limit: number,
    act: (partition: Partition, left: number) => Promise<T>,
  ): Promise<T[]> {
    const { all, count } = this.#partitions;
    this.#turn = (this.#turn + 1) % count;
    const done: T[] = [];
    const errors: unknown[] = [];
    for (const partition of [...all.slice(this.#turn), ...all.slice(0, this.#turn)]) {
      try {
        done.push(await act(partition, Math.max(0, limit - sum(done))));
      } catch (error) {
        errors.push(error);
      }
    }
    if (done.length === 0) throw errors[0];
    return done;
  }
}

function sum(done: readonly { count: number }[]): number {
  return done.reduce((total, { count }) => total + count, 0);
}

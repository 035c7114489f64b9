/** The periodic duties, done in each partition that answers. */
import type { ReapSettings, Retention, RetentionPolicy, TaskUpkeep } from "@workstream/core";
import type { PartitionSet } from "./partition-set.ts";

export class PartitionedUpkeep implements TaskUpkeep {
  readonly #partitions: PartitionSet;

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
  }

  async promote(limit: number): Promise<{ promoted: number; nextDueInMs: number | null }> {
    const done = await this.#partitions.mapAnswering(({ stores }) => stores.tasks.promote(limit));
    const dues = done.map(({ nextDueInMs }) => nextDueInMs).filter((dueInMs) => dueInMs !== null);
    return {
      promoted: sum(done.map(({ promoted }) => promoted)),
      nextDueInMs: dues.length > 0 ? Math.min(...dues) : null,
    };
  }

  async reap(settings: ReapSettings): Promise<{ requeued: number; buried: number; isWaiting: boolean }> {
    const done = await this.#partitions.mapAnswering(({ stores }) => stores.tasks.reap(settings));
    return {
      requeued: sum(done.map(({ requeued }) => requeued)),
      buried: sum(done.map(({ buried }) => buried)),
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
    const done = await this.#partitions.mapAnswering(({ stores }) => stores.tasks.prune(shared, limit));
    return { pruned: sum(done.map(({ pruned }) => pruned)) };
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

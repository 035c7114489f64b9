/** The periodic duties: promoting what is due, reaping lost leases, pruning what is old. */
import type { ReapSettings, RetentionPolicy, TaskUpkeep } from "@workstream/core";
import { ChunkSize } from "./chunk-size.ts";
import type { StoreLink } from "./store-link.ts";
import { BatchIntake } from "./task-batch.ts";

const maxPruned = 200;

export class RedisUpkeep implements TaskUpkeep {
  readonly #link: StoreLink;
  readonly #batches: BatchIntake;
  readonly #chunk = new ChunkSize({ least: 10, most: maxPruned });

  constructor(link: StoreLink) {
    this.#link = link;
    this.#batches = new BatchIntake(link);
  }

  async promote(limit: number): Promise<{ promoted: number; nextDueInMs: number | null }> {
    const [, promoted, nextDueInMs, unapplied] = await this.#link.scripts.run("promote", { args: { limit } });
    if (unapplied !== "") await this.#batches.applyAll(unapplied);
    return { promoted, nextDueInMs: nextDueInMs < 0 ? null : nextDueInMs };
  }

  async reap({ leaseMs, maxLostWorkers, limit }: ReapSettings) {
    const args = { leaseMs, maxLostWorkers, limit };
    const [outcome, requeued, buried] = await this.#link.scripts.run("reap", { args });
    return { requeued, buried, isWaiting: outcome === "waiting" };
  }

  async prune(policy: RetentionPolicy, limit: number): Promise<{ pruned: number }> {
    const atMost = Math.min(limit, maxPruned);
    const records = Object.entries(policy).map(([state, { maxAgeMs, maxCount }]) => ({
      state,
      maxAgeMs,
      maxCount,
    }));
    let pruned = 0;
    for (let isMore = true; isMore && pruned < atMost; ) {
      const asked = Math.min(this.#chunk.size, atMost - pruned);
      const startedAt = performance.now();
      const [, count] = await this.#link.scripts.run("prune", { args: { limit: asked }, records });
      this.#chunk.learn(count, performance.now() - startedAt);
      pruned += count;
      isMore = count === asked;
    }
    await this.#link.scripts.run("sweep-uploads", { args: { limit: atMost } });
    return { pruned };
  }
}

/** Single tasks where they are; queues in every partition. */
import type { ManagementOutcome, TaskManagement } from "@workstream/core";
import type { PartitionSet } from "./partition-set.ts";

export class PartitionedManagement implements TaskManagement {
  readonly #partitions: PartitionSet;

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
  }

  cancel(id: string, reason: string): Promise<ManagementOutcome> {
    return this.#partitions.find(id, ({ stores }) => stores.tasks.cancel(id, reason), isThere);
  }

  retry(id: string, options: { resetRetryCount: boolean }): Promise<ManagementOutcome> {
    return this.#partitions.find(id, ({ stores }) => stores.tasks.retry(id, options), isThere);
  }

  delete(id: string) {
    return this.#partitions.find(id, ({ stores }) => stores.tasks.delete(id), isThere);
  }

  pause(queue: string): Promise<boolean> {
    return this.#any(({ tasks }) => tasks.pause(queue));
  }

  resume(queue: string): Promise<boolean> {
    return this.#any(({ tasks }) => tasks.resume(queue));
  }

  async pausedQueues(): Promise<string[]> {
    const paused = await this.#partitions.map(({ stores }) => stores.tasks.pausedQueues());
    return [...new Set(paused.flat())].sort();
  }

  async requeueOrphaned() {
    const found = await this.#partitions.map(({ stores }) => stores.tasks.requeueOrphaned());
    return {
      found: found.reduce((sum, one) => sum + one.found, 0),
      requeued: found.reduce((sum, one) => sum + one.requeued, 0),
      errors: found.flatMap(({ errors }) => errors),
    };
  }

  async #any(act: (stores: PartitionSet["home"]["stores"]) => Promise<boolean>): Promise<boolean> {
    return (await this.#partitions.map(({ stores }) => act(stores))).some(Boolean);
  }
}

function isThere({ outcome }: { outcome: string }): boolean {
  return outcome !== "not_found";
}

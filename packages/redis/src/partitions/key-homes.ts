/**
 * Where an idempotency key lives. By its hash, which depends on how many partitions there are; so as long as keys of before
 * there were more of them are remembered, a key is looked for everywhere first.
 */
import { idempotencyTtlMs } from "@workstream/core";
import { homeOfKey } from "./partition-ids.ts";
import type { Partition, PartitionSet } from "./partition-set.ts";

export class KeyHomes {
  readonly #partitions: PartitionSet;
  readonly #changedAt: number;

  /** @param changedAt when there were last more partitions, epoch ms */
  constructor(partitions: PartitionSet, changedAt: number) {
    this.#partitions = partitions;
    this.#changedAt = changedAt;
  }

  async of(key: string): Promise<Partition> {
    const home = this.#partitions.at(homeOfKey(key, this.#partitions.count));
    if (this.#partitions.home.link.clock.now() > this.#changedAt + idempotencyTtlMs) return home;
    const kept = await this.#partitions.map(async (partition) =>
      (await this.holds(partition, key)) ? partition : null,
    );
    return kept.find((partition) => partition !== null) ?? home;
  }

  async holds({ link }: Partition, key: string): Promise<boolean> {
    return (await link.connection.read((client) => client.exists(link.keys.idempotency(key)))) === 1;
  }
}

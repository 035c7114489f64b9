/**
 * The changes of all partitions. The message of one tells its own counts alone, so the latest of each are kept and added up;
 * a partition that has said nothing yet is asked.
 */
import type { EventFeed, QueueStatus, StoreEvents } from "@workstream/core";
import type { Partition, PartitionSet } from "./partition-set.ts";
import { sumOfStatus } from "./status-sum.ts";

type Listener = Parameters<EventFeed["subscribe"]>[0];

export class PartitionedEvents implements EventFeed {
  readonly #partitions: PartitionSet;

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
  }

  async subscribe(listener: Listener): Promise<{ close(): Promise<void> }> {
    const latest = new Map<number, QueueStatus>();
    const pass = ({ changes, status, at }: StoreEvents, { index }: Partition) => {
      latest.set(index, status);
      listener.onEvents({ changes, status: sumOfStatus([...latest.values()]), at });
    };
    const waiting: [StoreEvents, Partition][] = [];
    let isComplete = false;
    const feeds = await Promise.allSettled(
      this.#partitions.all.map((partition) =>
        partition.stores.events.subscribe({
          onEvents: (events) => (isComplete ? pass(events, partition) : waiting.push([events, partition])),
          onGap: () => {
            void this.#ask(partition, latest).catch(() => {});
            listener.onGap();
          },
        }),
      ),
    );
    const close = async () => {
      await Promise.all(feeds.map((feed) => (feed.status === "fulfilled" ? feed.value.close() : null)));
    };
    const failed = feeds.find((feed) => feed.status === "rejected");
    try {
      if (failed) throw failed.reason;
      await this.#partitions.map((partition) => this.#ask(partition, latest));
    } catch (error) {
      await close();
      throw error;
    }
    isComplete = true;
    for (const [events, partition] of waiting) pass(events, partition);
    return { close };
  }

  async #ask({ index, stores }: Partition, latest: Map<number, QueueStatus>): Promise<void> {
    latest.set(index, await stores.tasks.status());
  }
}

/** Sums of the buckets of all partitions. */
import type { Histogram, LatencyMinute, MetricsReading, ThroughputMinute } from "@workstream/core";
import type { PartitionSet } from "./partition-set.ts";

export class PartitionedMetrics implements MetricsReading {
  readonly #partitions: PartitionSet;

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
  }

  async throughput(minutes: number): Promise<ThroughputMinute[]> {
    return byMinute(
      await this.#partitions.map(({ stores }) => stores.metrics.throughput(minutes)),
      (a, b) => ({
        minuteAt: a.minuteAt,
        created: a.created + b.created,
        completed: a.completed + b.completed,
        failed: a.failed + b.failed,
        cancelled: a.cancelled + b.cancelled,
        retried: a.retried + b.retried,
        buried: a.buried + b.buried,
        promoted: a.promoted + b.promoted,
      }),
    );
  }

  async latency(minutes: number): Promise<LatencyMinute[]> {
    return byMinute(await this.#partitions.map(({ stores }) => stores.metrics.latency(minutes)), (a, b) => ({
      minuteAt: a.minuteAt,
      total: together(a.total, b.total),
      wait: together(a.wait, b.wait),
      run: together(a.run, b.run),
      sumMs: a.sumMs + b.sumMs,
      maxMs: Math.max(a.maxMs, b.maxMs),
    }));
  }
}

function byMinute<T extends { minuteAt: number }>(lists: readonly T[][], add: (a: T, b: T) => T): T[] {
  const minutes = new Map<number, T>();
  for (const minute of lists.flat()) {
    const known = minutes.get(minute.minuteAt);
    minutes.set(minute.minuteAt, known ? add(known, minute) : minute);
  }
  return [...minutes.values()].sort((a, b) => a.minuteAt - b.minuteAt);
}

function together(a: Histogram, b: Histogram): Histogram {
  const counts = new Map(a);
  for (const [bucket, count] of b) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  return new Map([...counts].sort(([left], [right]) => left - right));
}

/** Reads the per-minute buckets that the scripts write (lua/lib/metrics.lua). */
import {
  type Histogram,
  type LatencyMinute,
  type MetricsReading,
  metricsKeptMs,
  type ThroughputMinute,
} from "@workstream/core";
import type { StoreLink } from "./store-link.ts";

const minuteMs = 60_000;
const minutesAtOnce = 240;

type Bucket = { minuteAt: number; fields: Record<string, string> };

export class RedisMetrics implements MetricsReading {
  readonly #link: StoreLink;

  constructor(link: StoreLink) {
    this.#link = link;
  }

  async throughput(minutes: number): Promise<ThroughputMinute[]> {
    const buckets = await this.#buckets(minutes, this.#link.keys.throughput);
    return buckets.map(({ minuteAt, fields }) => ({
      minuteAt,
      created: Number(fields.created ?? 0),
      completed: Number(fields.completed ?? 0),
      failed: Number(fields.failed ?? 0),
      cancelled: Number(fields.cancelled ?? 0),
      retried: Number(fields.retried ?? 0),
      buried: Number(fields.buried ?? 0),
      promoted: Number(fields.promoted ?? 0),
    }));
  }

  async latency(minutes: number): Promise<LatencyMinute[]> {
    const buckets = await this.#buckets(minutes, this.#link.keys.latency);
    return buckets.map(({ minuteAt, fields }) => ({
      minuteAt,
      total: histogram(fields, "t"),
      wait: histogram(fields, "w"),
      run: histogram(fields, "r"),
      sumMs: Number(fields.sum_ms ?? 0),
      maxMs: Number(fields.max_ms ?? 0),
    }));
  }

  /** The last `minutes` minutes, this one included, oldest first; those without a bucket are missing. */
  async #buckets(minutes: number, keyOf: (minute: number) => string): Promise<Bucket[]> {
    const count = Math.min(Math.max(Math.floor(minutes), 1), metricsKeptMs / minuteMs);
    const current = Math.floor(this.#link.clock.now() / minuteMs);
    const wanted = Array.from({ length: count }, (_, index) => current - count + 1 + index);
    const buckets: Bucket[] = [];
    for (let at = 0; at < wanted.length; at += minutesAtOnce) {
      buckets.push(...(await this.#read(wanted.slice(at, at + minutesAtOnce), keyOf)));
    }
    return buckets.filter(({ fields }) => Object.keys(fields).length > 0);
  }

  async #read(minutes: readonly number[], keyOf: (minute: number) => string): Promise<Bucket[]> {
    const hashes = await this.#link.connection.read((client) =>
      Promise.all(minutes.map((minute) => client.hgetall(keyOf(minute)))),
    );
    return minutes.map((minute, index) => ({ minuteAt: minute * minuteMs, fields: hashes[index] ?? {} }));
  }
}

function histogram(fields: Record<string, string>, letter: string): Histogram {
  const counts = Object.entries(fields)
    .filter(([field]) => field.startsWith(letter) && /^\d+$/.test(field.slice(1)))
    .map(([field, count]) => [Number(field.slice(1)), Number(count)] as const);
  return new Map(counts.sort(([a], [b]) => a - b));
}

import {
  type Histogram,
  type LatencyMinute,
  latencyBucket,
  metricsKeptMs,
  type ThroughputMinute,
} from "@workstream/core";
import type { Connection, Statement } from "./connection.ts";
import { countedSteps, type Transaction } from "./transaction.ts";

const minuteMs = 60_000;
type Phase = "t" | "w" | "r";

/** Figures by the minute, written once a transaction, in it. */
export class MetricsTable {
  readonly #addThroughput: Statement;
  readonly #addLatency: Statement;
  readonly #throughput: Statement;
  readonly #latencySums: Statement;
  readonly #latency: Statement;
  readonly #pruneThroughput: Statement;
  readonly #pruneLatency: Statement;

  constructor({ prepare }: Connection) {
    this.#addThroughput = prepare(
      `INSERT INTO throughput (minute, ${countedSteps.join(", ")}, sum_ms, max_ms)
       VALUES (?, ${countedSteps.map(() => "?").join(", ")}, ?, ?) ON CONFLICT DO UPDATE SET
        ${countedSteps.map((step) => `${step} = ${step} + excluded.${step}`).join(", ")},
        sum_ms = sum_ms + excluded.sum_ms, max_ms = max(max_ms, excluded.max_ms)`,
    );
    this.#addLatency = prepare(
      `INSERT INTO latency (minute, phase, bucket, tasks) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET tasks = tasks + excluded.tasks`,
    );
    this.#throughput = prepare(
      `SELECT minute, ${countedSteps.join(", ")} FROM throughput
       WHERE minute > ? AND minute <= ? AND ${countedSteps.join(" + ")} > 0 ORDER BY minute`,
    );
    this.#latencySums = prepare(
      `SELECT minute, sum_ms, max_ms FROM throughput
       WHERE minute > ? AND minute <= ? AND completed > 0 ORDER BY minute`,
    );
    this.#latency = prepare(
      "SELECT minute, phase, bucket, tasks FROM latency WHERE minute > ? AND minute <= ? ORDER BY minute, phase, bucket",
    );
    this.#pruneThroughput = prepare("DELETE FROM throughput WHERE minute < ?");
    this.#pruneLatency = prepare("DELETE FROM latency WHERE minute < ?");
  }

  write({ counted, completions, now }: Transaction): void {
    const counts = countedSteps.map((step) => counted[step]);
    if (counts.every((count) => count === 0)) return;
    const minute = Math.floor(now / minuteMs);
    const sumMs = completions.reduce((sum, { totalMs }) => sum + totalMs, 0);
    const maxMs = completions.reduce((max, { totalMs }) => Math.max(max, totalMs), 0);
    this.#addThroughput.run(minute, ...counts, sumMs, maxMs);
    for (const [phase, buckets] of Object.entries(histograms(completions))) {
      for (const [bucket, tasks] of buckets) this.#addLatency.run(minute, phase, bucket, tasks);
    }
  }

  throughput(minutes: number, now: number): ThroughputMinute[] {
    const rows = this.#throughput.all<[minute: number, ...counts: number[]]>(...span(minutes, now));
    return rows.map(([minute, ...counts]) => {
      const counted = Object.fromEntries(countedSteps.map((step, index) => [step, counts[index] ?? 0]));
      return { minuteAt: minute * minuteMs, ...(counted as Transaction["counted"]) };
    });
  }

  latency(minutes: number, now: number): LatencyMinute[] {
    const buckets = new Map<string, Map<number, number>>();
    const rows = this.#latency.all<[number, Phase, number, number]>(...span(minutes, now));
    for (const [minute, phase, bucket, tasks] of rows) {
      const key = `${minute}${phase}`;
      buckets.set(key, (buckets.get(key) ?? new Map()).set(bucket, tasks));
    }
    const histogram = (minute: number, phase: Phase): Histogram =>
      buckets.get(`${minute}${phase}`) ?? new Map();
    const sums = this.#latencySums.all<[number, number, number]>(...span(minutes, now));
    return sums.map(([minute, sumMs, maxMs]) => ({
      minuteAt: minute * minuteMs,
      total: histogram(minute, "t"),
      wait: histogram(minute, "w"),
      run: histogram(minute, "r"),
      sumMs,
      maxMs,
    }));
  }

  prune(now: number): void {
    const oldest = Math.floor((now - metricsKeptMs) / minuteMs);
    this.#pruneThroughput.run(oldest);
    this.#pruneLatency.run(oldest);
  }
}

/** Minutes after the first and up to the second value: the newest is the current one. */
function span(minutes: number, now: number): [number, number] {
  const current = Math.floor(now / minuteMs);
  const kept = Math.min(minutes, Math.floor(metricsKeptMs / minuteMs));
  return [current - kept, current];
}

function histograms(completions: Transaction["completions"]): Record<Phase, Map<number, number>> {
  const counts: Record<Phase, Map<number, number>> = { t: new Map(), w: new Map(), r: new Map() };
  const add = (phase: Phase, ms: number) => {
    const bucket = latencyBucket(ms);
    counts[phase].set(bucket, (counts[phase].get(bucket) ?? 0) + 1);
  };
  for (const { totalMs, runMs } of completions) {
    add("t", totalMs);
    add("w", Math.max(0, totalMs - runMs));
    add("r", runMs);
  }
  return counts;
}

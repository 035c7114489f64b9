import type { Histogram } from "../latency-histogram.ts";

/** `minuteAt` is the start of the minute, epoch ms. Minutes in which nothing happened are missing. */
export type ThroughputMinute = {
  minuteAt: number;
  created: number;
  completed: number;
  /** Tasks that came to rest in FAILED or DLQ, not attempts. */
  failed: number;
  cancelled: number;
  /** Attempts that failed and back off. */
  retried?: number;
  /** Tasks that came to rest in DLQ; `failed` counts them too. */
  buried?: number;
  /** Scheduled tasks that became due. */
  promoted?: number;
};

/** Durations of tasks completed in this minute: total = wait + run, from created_at to completed_at. */
export type LatencyMinute = {
  minuteAt: number;
  total: Histogram;
  wait: Histogram;
  run: Histogram;
  sumMs: number;
  maxMs: number;
};

/** Per-minute buckets that the scripts write, kept 48 h. */
export interface MetricsReading {
  throughput(minutes: number): Promise<ThroughputMinute[]>;
  latency(minutes: number): Promise<LatencyMinute[]>;
}

export const metricsKeptMs = 48 * 3_600_000;

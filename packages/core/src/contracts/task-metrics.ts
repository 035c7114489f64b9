/** Charts: a point a minute. */
import { z } from "zod";
import { type Histogram, quantile } from "../latency-histogram.ts";
import type { LatencyMinute, ThroughputMinute } from "../ports/metrics.ts";
import { queryInteger } from "./query-value.ts";
import { instantSchema, toInstant } from "./wire-instant.ts";

const minuteMs = 60_000;

export const metricsQuerySchema = z.object({
  minutes: queryInteger(1, 1440).default(60).describe("Length of the window; kept 48 h"),
});

const window = { time_window: z.string().meta({ examples: ["60m"] }) };

const throughputPointSchema = z.object({
  timestamp: instantSchema,
  created_count: z.int(),
  completed_count: z.int(),
  failed_count: z.int().meta({ description: "Tasks that came to rest in FAILED or DLQ, not attempts" }),
  cancelled_count: z.int(),
  retried_count: z.int().meta({ description: "Attempts that failed and will be made again" }),
  buried_count: z.int().meta({ description: "Tasks that came to rest in DLQ; failed_count has them too" }),
  promoted_count: z.int().meta({ description: "Scheduled tasks that became due" }),
});
export const throughputSchema = z.object({ metrics: z.array(throughputPointSchema), ...window });
export type Throughput = z.infer<typeof throughputSchema>;

const latencyPointSchema = z.object({
  timestamp: instantSchema,
  p50: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  max_latency: z.number(),
  avg_latency: z.number(),
  task_count: z.int().meta({ description: "Tasks completed in this minute; 0: the figures mean nothing" }),
  wait_p50: z.number(),
  wait_p90: z.number(),
  wait_p95: z.number(),
  wait_p99: z.number(),
  run_p50: z.number(),
  run_p90: z.number(),
  run_p95: z.number(),
  run_p99: z.number(),
});
export const latencySchema = z.object({ metrics: z.array(latencyPointSchema), ...window });
export type Latency = z.infer<typeof latencySchema>;

export function toThroughput(
  points: readonly ThroughputMinute[],
  minutes: number,
  nowMs: number,
): Throughput {
  const metrics = fillWindow(points, minutes, nowMs).map(({ minuteAt, point }) => ({
    timestamp: toInstant(minuteAt),
    created_count: point?.created ?? 0,
    completed_count: point?.completed ?? 0,
    failed_count: point?.failed ?? 0,
    cancelled_count: point?.cancelled ?? 0,
    retried_count: point?.retried ?? 0,
    buried_count: point?.buried ?? 0,
    promoted_count: point?.promoted ?? 0,
  }));
  return { metrics, time_window: `${minutes}m` };
}

/** Seconds throughout; a minute in which nothing completed has zeros. */
export function toLatency(points: readonly LatencyMinute[], minutes: number, nowMs: number): Latency {
  const metrics = fillWindow(points, minutes, nowMs).map(({ minuteAt, point }) =>
    toLatencyPoint(minuteAt, point),
  );
  return { metrics, time_window: `${minutes}m` };
}

function toLatencyPoint(minuteAt: number, point: LatencyMinute | undefined): Latency["metrics"][number] {
  const none: Histogram = new Map();
  const maxMs = point?.maxMs ?? Number.POSITIVE_INFINITY;
  const count = [...(point?.total.values() ?? [])].reduce((sum, n) => sum + n, 0);
  const at = (histogram: Histogram = none, q: number) => seconds(Math.min(quantile(histogram, q), maxMs));
  return {
    timestamp: toInstant(minuteAt),
    p50: at(point?.total, 0.5),
    p90: at(point?.total, 0.9),
    p95: at(point?.total, 0.95),
    p99: at(point?.total, 0.99),
    max_latency: seconds(point?.maxMs ?? 0),
    avg_latency: count === 0 ? 0 : seconds((point?.sumMs ?? 0) / count),
    task_count: count,
    wait_p50: at(point?.wait, 0.5),
    wait_p90: at(point?.wait, 0.9),
    wait_p95: at(point?.wait, 0.95),
    wait_p99: at(point?.wait, 0.99),
    run_p50: at(point?.run, 0.5),
    run_p90: at(point?.run, 0.9),
    run_p95: at(point?.run, 0.95),
    run_p99: at(point?.run, 0.99),
  };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}

/** Every minute of the window, oldest first; it ends now, or later if the store's clock is ahead. */
function fillWindow<T extends { minuteAt: number }>(points: readonly T[], minutes: number, nowMs: number) {
  const byMinute = new Map(points.map((point) => [point.minuteAt, point]));
  const lastAt = Math.max(Math.floor(nowMs / minuteMs) * minuteMs, ...byMinute.keys());
  return Array.from({ length: minutes }, (_, index) => {
    const minuteAt = lastAt - (minutes - 1 - index) * minuteMs;
    return { minuteAt, point: byMinute.get(minuteAt) };
  });
}

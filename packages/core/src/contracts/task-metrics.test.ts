import { describe, expect, it } from "vitest";
import { latencyBucket } from "../latency-histogram.ts";
import { latencySchema, toLatency, toThroughput } from "./task-metrics.ts";

const minute = 60_000;
const nowMs = Date.UTC(2026, 0, 31, 12, 0, 30);
const thisMinute = nowMs - 30_000;
const nothing = {
  created: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  retried: 0,
  buried: 0,
  promoted: 0,
};

describe("throughput", () => {
  it("has a point for every minute, the current one last", () => {
    const counts = { created: 5, completed: 2, failed: 1, cancelled: 1, retried: 3, buried: 1, promoted: 4 };
    const created = { minuteAt: thisMinute - minute, ...counts };
    const { metrics, time_window } = toThroughput([created], 3, nowMs);
    expect(time_window).toBe("3m");
    expect(metrics.map((point) => point.timestamp)).toEqual([
      "2026-01-31T11:58:00.000Z",
      "2026-01-31T11:59:00.000Z",
      "2026-01-31T12:00:00.000Z",
    ]);
    expect(metrics.map((point) => point.created_count)).toEqual([0, 5, 0]);
    expect(metrics[1]).toMatchObject({ completed_count: 2, failed_count: 1, cancelled_count: 1 });
    expect(metrics[1]).toMatchObject({ retried_count: 3, buried_count: 1, promoted_count: 4 });
  });

  it("ends with the store's newest minute when its clock is ahead", () => {
    const ahead = { ...nothing, minuteAt: thisMinute + minute, created: 1 };
    const { metrics } = toThroughput([ahead], 2, nowMs);
    expect(metrics.map((point) => point.created_count)).toEqual([0, 1]);
  });
});

describe("latency", () => {
  it("is in seconds, wait and run apart, and never above the maximum", () => {
    const histogram = (ms: number, count: number) => new Map([[latencyBucket(ms), count]]);
    const point = {
      minuteAt: thisMinute,
      total: histogram(2_000, 4),
      wait: histogram(500, 4),
      run: histogram(1_500, 4),
      sumMs: 8_000,
      maxMs: 2_000,
    };
    const latency = toLatency([point], 1, nowMs);
    const [figures] = latency.metrics;
    expect(latencySchema.encode(latency)).toEqual(latency);
    expect(figures?.task_count).toBe(4);
    expect(figures?.avg_latency).toBe(2);
    expect(figures?.max_latency).toBe(2);
    expect(figures?.p99).toBeLessThanOrEqual(2);
    expect(figures?.p50).toBeGreaterThan(1.8);
    expect(figures?.wait_p50).toBeCloseTo(0.5, 1);
    expect(figures?.run_p95).toBeCloseTo(1.5, 0);
  });

  it("has zeros where nothing completed", () => {
    const { metrics } = toLatency([], 2, nowMs);
    expect(metrics).toHaveLength(2);
    expect(metrics[1]).toMatchObject({ p50: 0, avg_latency: 0, max_latency: 0, task_count: 0, run_p99: 0 });
  });
});

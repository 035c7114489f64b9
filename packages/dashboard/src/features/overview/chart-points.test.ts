import type { Latency } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { backlogPoints, latencyPoints, parseHours, throughputPoints, toPoints } from "./chart-points.ts";
import type { ThroughputMinute } from "./flow.ts";

const start = Date.parse("2026-01-01T12:00:00.000Z");
const at = (index: number) => new Date(start + index * 60_000).toISOString();

function minute(index: number, created: number, completed = 0): ThroughputMinute {
  return {
    timestamp: at(index),
    created_count: created,
    completed_count: completed,
    failed_count: 0,
    cancelled_count: 0,
    retried_count: 0,
    buried_count: 0,
    promoted_count: 0,
  };
}

describe("parseHours", () => {
  it("takes what is offered, and else one hour", () => {
    expect([parseHours("6"), parseHours("24"), parseHours("7"), parseHours(undefined)]).toEqual([
      6, 24, 1, 1,
    ]);
  });
});

describe("toPoints", () => {
  it("begins points at round times, so that a later reading has the same", () => {
    const starts = (from: number) =>
      toPoints(
        [0, 1, 2, 3].map((index) => ({ timestamp: at(from + index) })),
        3,
      ).map((point) => point.at);
    expect(starts(1)).toEqual([start, start + 180_000]);
    expect(starts(2)).toEqual([start, start + 180_000]);
  });
});

describe("throughputPoints", () => {
  it("is as it was told, a point a minute", () => {
    const points = throughputPoints([minute(0, 10, 4), minute(1, 3, 5)], 1);
    expect(points).toMatchObject({ created: [10, 3], completed: [4, 5], net: [6, -2] });
  });

  it("is the mean of whole minutes: the one that runs would pull it down", () => {
    const minutes = [minute(0, 10), minute(1, 20), minute(2, 30), minute(3, 8), minute(4, 1)];
    expect(throughputPoints(minutes, 3).created).toEqual([20, 8]);
  });

  it("tells a minute that is alone in its point as it is so far", () => {
    expect(throughputPoints([minute(2, 30), minute(3, 1)], 3).created).toEqual([30, 1]);
  });
});

describe("backlogPoints", () => {
  it("is reckoned back from what is open now", () => {
    const minutes = [minute(0, 5), minute(1, 10, 4), minute(2, 0, 8)];
    expect(backlogPoints(minutes, 1, 20)).toEqual([22, 28, 20]);
  });

  it("is that at the end of each point", () => {
    const minutes = [minute(0, 5), minute(1, 10, 4), minute(2, 0, 8), minute(3, 1)];
    expect(backlogPoints(minutes, 3, 21)).toEqual([20, 21]);
  });

  it("stops at zero where operators made up for it", () => {
    expect(backlogPoints([minute(0, 0), minute(1, 50)], 1, 10)).toEqual([0, 10]);
  });
});

describe("latencyPoints", () => {
  const latency = (index: number, wait: number, count = 1) =>
    ({ timestamp: at(index), task_count: count, wait_p95: wait, run_p95: 0 }) as Latency["metrics"][number];

  it("is the slowest minute in which something completed", () => {
    const points = latencyPoints([latency(0, 3), latency(1, 9, 0), latency(2, 5)], 3, "p95");
    expect(points.waiting).toEqual([5]);
  });

  it("keeps what took no time within a log scale, and knows nothing where nothing completed", () => {
    expect(latencyPoints([latency(0, 3), latency(1, 0, 0)], 1, "p95").running).toEqual([0.001, null]);
  });
});

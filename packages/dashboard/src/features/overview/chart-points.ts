/** Minutes as points of a chart: as many as a chart has room for. Pure. */
import type { Latency } from "@workstream/core";
import { netOf, type ThroughputMinute } from "./flow.ts";

export const chartHours = [1, 6, 24] as const;
export type ChartHours = (typeof chartHours)[number];

/** Minutes in a point: 60, 120 or 144 points. */
export const minutesInPoint: Record<ChartHours, number> = { 1: 1, 6: 3, 24: 10 };

export function parseHours(text: string | undefined): ChartHours {
  return chartHours.find((hours) => String(hours) === text) ?? 1;
}

export type Percentile = "p50" | "p95" | "p99";

type Point<T> = { at: number; minutes: readonly T[] };

const minuteMs = 60_000;

/** Points begin at round times, so that a later reading has the same ones. */
export function toPoints<T extends { timestamp: string }>(minutes: readonly T[], size: number): Point<T>[] {
  const lengthMs = size * minuteMs;
  const byStart = new Map<number, T[]>();
  for (const minute of minutes) {
    const at = Math.floor(Date.parse(minute.timestamp) / lengthMs) * lengthMs;
    byStart.set(at, [...(byStart.get(at) ?? []), minute]);
  }
  return [...byStart].map(([at, inside]) => ({ at, minutes: inside }));
}

export type ThroughputPoints = {
  timestamps: number[];
  created: number[];
  completed: number[];
  failed: number[];
  net: number[];
};

/** Tasks a minute. */
export function throughputPoints(minutes: readonly ThroughputMinute[], size: number): ThroughputPoints {
  const points = toPoints(minutes, size);
  const running = minutes.at(-1);
  const mean = (of: (minute: ThroughputMinute) => number) =>
    points.map(({ minutes: inside }) => meanOfWhole(inside, { running, of }));
  return {
    timestamps: points.map(({ at }) => at),
    created: mean((minute) => minute.created_count),
    completed: mean((minute) => minute.completed_count),
    failed: mean((minute) => minute.failed_count),
    net: mean(netOf),
  };
}

/** The minute that runs would pull the mean of its point down; alone in its point it is told as it is so far. */
function meanOfWhole<T>(
  minutes: readonly T[],
  { running, of }: { running: T | undefined; of: (minute: T) => number },
): number {
  const whole = minutes.length > 1 ? minutes.filter((minute) => minute !== running) : minutes;
  return whole.reduce((sum, minute) => sum + of(minute), 0) / whole.length;
}

/**
 * Open tasks at the end of each point, reckoned back from how many are open now. What operators delete or retry from the
 * dead letters crosses no minute's counts: then the reckoning is off by it, and stops at zero.
 */
export function backlogPoints(minutes: readonly ThroughputMinute[], size: number, openNow: number): number[] {
  let open = openNow;
  const atEnds = minutes.toReversed().map((minute) => {
    const atEnd = open;
    open -= netOf(minute);
    return { timestamp: minute.timestamp, atEnd: Math.max(0, atEnd) };
  });
  return toPoints(atEnds.toReversed(), size).map(({ minutes: inside }) => inside.at(-1)?.atEnd ?? 0);
}

type LatencyMinute = Latency["metrics"][number];
export type LatencyPoints = {
  timestamps: number[];
  waiting: (number | null)[];
  running: (number | null)[];
};

/** Seconds: of several minutes the slowest, for percentiles can't be averaged. Null: nothing completed. */
export function latencyPoints(
  minutes: readonly LatencyMinute[],
  size: number,
  percentile: Percentile,
): LatencyPoints {
  const points = toPoints(minutes, size);
  const slowest = (of: (minute: LatencyMinute) => number) =>
    points.map(({ minutes: inside }) => {
      const known = inside.filter(({ task_count: count }) => count > 0).map(of);
      return known.length === 0 ? null : Math.max(shortestSeconds, ...known);
    });
  return {
    timestamps: points.map(({ at }) => at),
    waiting: slowest((minute) => minute[`wait_${percentile}`]),
    running: slowest((minute) => minute[`run_${percentile}`]),
  };
}

/** What a log axis can show of a latency that was told as 0.000 s. */
const shortestSeconds = 0.001;

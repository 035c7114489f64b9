/** How much comes in and goes out, from the minutes of the throughput. Pure. */
import type { Throughput } from "@workstream/core";

export type ThroughputMinute = Throughput["metrics"][number];

/** Tasks a second. */
export type Flow = { in: number; out: number; net: number };

const minuteMs = 60_000;

/** What a minute added to the tasks that are not done: above zero they grow. */
export function netOf(minute: ThroughputMinute): number {
  return minute.created_count - endedIn(minute);
}

function endedIn({ completed_count, failed_count, cancelled_count }: ThroughputMinute): number {
  return completed_count + failed_count + cancelled_count;
}

/** A rate a second, of what `of` counts in a minute. */
type Rate = (of: (minute: ThroughputMinute) => number) => number;

/**
 * Rates of the last one to two minutes: the newest whole one with the one that runs. Longer would still tell of a burst
 * that is long over; without the one that runs, a first task would move nothing for a minute.
 *
 * @param readAt when the minutes were read, epoch ms
 */
function recentRate(minutes: readonly ThroughputMinute[], readAt: number): Rate | null {
  const running = minutes.at(-1);
  if (running === undefined) return null;
  const whole = minutes.at(-2);
  const elapsedMs = Math.min(minuteMs, Math.max(0, readAt - Date.parse(running.timestamp)));
  const seconds = Math.max(1, (elapsedMs + (whole ? minuteMs : 0)) / 1000);
  const window = whole ? [whole, running] : [running];
  return (of) => window.reduce((sum, minute) => sum + of(minute), 0) / seconds;
}

export function readFlow(minutes: readonly ThroughputMinute[], readAt: number): Flow | null {
  const rate = recentRate(minutes, readAt);
  if (rate === null) return null;
  return { in: rate((minute) => minute.created_count), out: rate(endedIn), net: rate(netOf) };
}

/**
 * What crosses each edge of the lifecycle, tasks a second. `failed`: for good, without being buried. `attempts`: those that
 * ended, for claims are not counted; about as many began.
 */
export type EdgeRates = Record<
  "created" | "attempts" | "completed" | "failed" | "retried" | "buried" | "promoted" | "cancelled",
  number
>;

export function readEdgeRates(minutes: readonly ThroughputMinute[], readAt: number): EdgeRates | null {
  const rate = recentRate(minutes, readAt);
  if (rate === null) return null;
  return {
    created: rate((minute) => minute.created_count),
    attempts: rate((minute) => minute.completed_count + minute.failed_count + minute.retried_count),
    completed: rate((minute) => minute.completed_count),
    failed: rate((minute) => minute.failed_count - minute.buried_count),
    retried: rate((minute) => minute.retried_count),
    buried: rate((minute) => minute.buried_count),
    promoted: rate((minute) => minute.promoted_count),
    cancelled: rate((minute) => minute.cancelled_count),
  };
}

export type FlowTotals = {
  created: number;
  failedAttempts: number;
  buried: number;
  succeeded: number | null;
};

/** Sums of the minutes that are given. `succeeded`: of those that ended by themselves; null: none did. */
export function sumFlow(minutes: readonly ThroughputMinute[]): FlowTotals {
  const sum = (of: (minute: ThroughputMinute) => number) =>
    minutes.reduce((total, minute) => total + of(minute), 0);
  const completed = sum((minute) => minute.completed_count);
  const failed = sum((minute) => minute.failed_count);
  return {
    created: sum((minute) => minute.created_count),
    failedAttempts: failed + sum((minute) => minute.retried_count),
    buried: sum((minute) => minute.buried_count),
    succeeded: completed + failed === 0 ? null : completed / (completed + failed),
  };
}

/** Seconds until nothing waits, if it goes on like this; null while it does not get less. */
export function secondsToEmpty(waiting: number, { net }: Flow): number | null {
  return net < 0 ? waiting / -net : null;
}

import { type RetryRatioSettings, retryRatio } from "@workstream/core";
import { lanes } from "./places.ts";

/** How many tasks wait in each list of a queue. */
export type LaneDepths = Record<(typeof lanes)[number] | "retry", number>;

/** Fractions of a task that a queue's shares have left over, in thousandths; kept in the store. */
export type Carries = { retry: number; lane: number };

/** How many to take from each list, in the order in which they are taken. */
export type Takes = { place: keyof LaneDepths; count: number }[];

const perMille = 1000;
/** Of what the lanes give, this much comes from the lowest lane that is not empty. */
const lowestLaneShare = 100;

/**
 * Shares `count` claims from one queue among its lists: docs/protocol.md, "How a claim shares".
 * What one side can't fill goes to the other; `carries` is changed where a share was taken.
 */
export function shareClaims(
  count: number,
  depths: LaneDepths,
  { carries, settings }: { carries: Carries; settings: RetryRatioSettings },
): Takes {
  const inLanes = depths.high + depths.normal + depths.low;
  const wanted = shareOfRetries(count, depths.retry, inLanes, { carries, settings });
  const fromLanes = Math.min(inLanes, count - Math.min(wanted, depths.retry));
  const fromRetry = Math.min(depths.retry, count - fromLanes);
  const takes = [...shareLanes(fromLanes, depths, carries), { place: "retry" as const, count: fromRetry }];
  return takes.filter((take) => take.count > 0);
}

function shareOfRetries(
  count: number,
  inRetry: number,
  inLanes: number,
  { carries, settings }: { carries: Carries; settings: RetryRatioSettings },
): number {
  if (inRetry === 0) return 0;
  if (inLanes === 0) return count;
  const ratio = Math.round(retryRatio(inRetry, settings) * perMille);
  const exact = count * ratio + carries.retry;
  carries.retry = exact % perMille;
  return Math.floor(exact / perMille);
}

function shareLanes(count: number, depths: LaneDepths, carries: Carries): Takes {
  const filled = lanes.filter((lane) => depths[lane] > 0);
  const lowest = filled.at(-1);
  if (lowest === undefined || count === 0) return [];
  const tenth = filled.length > 1 ? Math.min(shareOfLowest(count, carries), depths[lowest]) : 0;
  const takes: Takes = [];
  let left = count - tenth;
  for (const place of filled) {
    const isLowest = place === lowest;
    const taken = Math.min(left, depths[place] - (isLowest ? tenth : 0));
    left -= taken;
    takes.push({ place, count: isLowest ? taken + tenth : taken });
  }
  return takes;
}

function shareOfLowest(count: number, carries: Carries): number {
  const exact = count * lowestLaneShare + carries.lane;
  carries.lane = exact % perMille;
  return Math.floor(exact / perMille);
}

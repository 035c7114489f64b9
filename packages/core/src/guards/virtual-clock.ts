import type { RateLimit } from "../ports/guards.ts";

/**
 * A token bucket as a virtual clock: docs/guards.md, "Limiter".
 *
 * All there is to a bucket is `nextAt`, the instant at which it is or was empty. Places on its clock don't overlap, and a
 * call is made while its place lies within the last interval: so the places of all calls of a window fit into that
 * window and one interval, which is the bound.
 */
export type Pace = {
  /** One request at the full rate. */
  turnMs: number;
  /** What may be saved up. The rest of the interval is kept back, for timers and networks are late. */
  savedMs: number;
  spreadMs: number;
};

/** Ends at `endAt`; that instant is the bucket's `nextAt` while nobody reserves after it. */
export type Place = { endAt: number; lengthMs: number };

/** Of a call that nothing limits. */
export const noPlace: Place = { endAt: 0, lengthMs: 0 };

const maxSpreadMs = 500;
const spreadShare = 1 / 20;
/** Doubles near 1.8e12 are 0.0002 apart, and an end that was moved by holds is off by a few of these. */
const sameInstantMs = 0.01;

export function paceOf({ requests, intervalMs }: RateLimit): Pace {
  const spreadMs = Math.min(maxSpreadMs, intervalMs * spreadShare);
  return { turnMs: intervalMs / requests, savedMs: intervalMs - spreadMs, spreadMs };
}

/** `factor` of the full rate, above 0 and at most 1. `asOf`: when the call could be made at the earliest. */
export type PlaceRequest = { cost: number; factor: number; asOf: number };

/**
 * The next place, and when its call may be made. A call that costs more than the bucket holds goes when it is full, and
 * leaves it in debt.
 */
export function nextPlace(nextAt: number, pace: Pace, request: PlaceRequest): Place & { dueAt: number } {
  const { cost, factor, asOf } = request;
  const isOversized = cost * pace.turnMs > pace.savedMs;
  const lengthMs = (cost * pace.turnMs) / factor + (isOversized ? pace.spreadMs : 0);
  const beginAt = Math.max(nextAt, asOf - pace.savedMs);
  return { endAt: beginAt + lengthMs, lengthMs, dueAt: beginAt + Math.min(lengthMs, pace.savedMs) };
}

/** The last part of a place, of the full rate's length: for the bound, a call has no more than that. */
export function stretchOf({ lengthMs }: Place, cost: number, pace: Pace): number {
  return cost * pace.turnMs > pace.savedMs ? lengthMs : Math.min(lengthMs, cost * pace.turnMs);
}

/** Where the bucket stands once the place is given back: unchanged when others were reserved after it. */
export function givenBack(nextAt: number, { endAt, lengthMs }: Place): number {
  return Math.abs(nextAt - endAt) < sameInstantMs ? nextAt - lengthMs : nextAt;
}

/** At most what the bucket holds; negative when turns are reserved ahead. */
export function tokensIn(nextAt: number, pace: Pace, now: number): number {
  return Math.min(pace.savedMs, now - nextAt) / pace.turnMs;
}

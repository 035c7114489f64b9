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
  /** What may be saved up for one call that costs more than that. */
  fullMs: number;
  /** Between two calls that cost more than even this. */
  spreadMs: number;
  /** What a process that has made no calls yet may use of what was saved up, if not just enough for its call. */
  coldMs: number;
};

/** Ends at `endAt`; that instant is the bucket's `nextAt` while nobody reserves after it. */
export type Place = { endAt: number; lengthMs: number };

/** Of a call that nothing limits. */
export const noPlace: Place = { endAt: 0, lengthMs: 0 };

/** A fresh process takes up to 0.4 s for its first call: so much is kept back of intervals of a second too. */
const maxKeptMs = 500;
const keptShare = 0.45;
const spreadShare = 1 / 20;
/** How late the first calls of a process may be. */
const coldKeptMs = 1_500;
/** Doubles near 1.8e12 are 0.0002 apart, and an end that was moved by holds is off by a few of these. */
const sameInstantMs = 0.01;

export function paceOf({ requests, intervalMs }: RateLimit): Pace {
  const savedMs = intervalMs - Math.min(maxKeptMs, intervalMs * keptShare);
  const spreadMs = Math.min(maxKeptMs, intervalMs * spreadShare);
  const coldMs = Math.max(0, intervalMs - coldKeptMs);
  return { turnMs: intervalMs / requests, savedMs, fullMs: intervalMs - spreadMs, spreadMs, coldMs };
}

/** Of a limit's requests, what can't be had at once: kept back for calls that arrive late. */
export function keptBackOf(limit: RateLimit): number {
  const { savedMs, turnMs } = paceOf(limit);
  return limit.requests - savedMs / turnMs;
}

/** `factor` of the full rate, above 0 and at most 1. `asOf`: when the call could be made at the earliest. */
export type PlaceRequest = { cost: number; factor: number; asOf: number; isCold?: boolean };

/**
 * The next place, and when its call may be made. A call that costs more than the bucket holds goes when it is full, and
 * leaves it in debt.
 */
export function nextPlace(nextAt: number, pace: Pace, request: PlaceRequest): Place & { dueAt: number } {
  const { cost, factor, asOf } = request;
  const isOversized = cost * pace.turnMs > pace.fullMs;
  const lengthMs = (cost * pace.turnMs) / factor + (isOversized ? pace.spreadMs : 0);
  const savedMs = savedFor(cost, pace);
  const coldMs = Math.max(pace.coldMs, cost * pace.turnMs);
  const usableMs = request.isCold ? Math.min(savedMs, coldMs) : savedMs;
  const beginAt = Math.max(nextAt, asOf - usableMs);
  return { endAt: beginAt + lengthMs, lengthMs, dueAt: beginAt + Math.min(lengthMs, savedMs) };
}

/** What may be saved up before a call of this cost. */
export function savedFor(cost: number, { turnMs, savedMs, fullMs }: Pace): number {
  return Math.max(savedMs, Math.min(cost * turnMs, fullMs));
}

/** The last part of a place, of the full rate's length: for the bound, a call has no more than that. */
export function stretchOf({ lengthMs }: Place, cost: number, pace: Pace): number {
  return cost * pace.turnMs > pace.fullMs ? lengthMs : Math.min(lengthMs, cost * pace.turnMs);
}

/** Where the bucket stands once the place is given back: unchanged when others were reserved after it. */
export function givenBack(nextAt: number, { endAt, lengthMs }: Place): number {
  return Math.abs(nextAt - endAt) < sameInstantMs ? nextAt - lengthMs : nextAt;
}

/** At most what the bucket holds; negative when turns are reserved ahead. */
export function tokensIn(nextAt: number, pace: Pace, now: number): number {
  return Math.min(pace.savedMs, now - nextAt) / pace.turnMs;
}

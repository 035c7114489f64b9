import type { RateLimit } from "../ports/guards.ts";
import { givenBack, nextPlace, noPlace, type Place, paceOf, savedFor, stretchOf } from "./virtual-clock.ts";

/** One limiter of the whole fleet. Instants are epoch ms; 0: never. */
export type LimiterState = {
  /** The bucket of requests, and that of the service's own tokens. */
  nextAt: number;
  tokensNextAt: number;
  /** Sum of all moves: holds, and late turns. Turns that were reserved before them are that much later. */
  shiftMs: number;
  holdUntil: number;
  /** The end of the line of those that were parked. */
  parkAt: number;
  /** What the places of that line were given by. */
  line: LineTerms | null;
  /** These places are no good any more: the store gives the line new ones, and clears this. */
  isLineStale: boolean;
  /** The end of the latest place whose call was made. */
  usedAt: number;
};

/** What of a policy places in the line of the parked depend on; it is kept, for they are given anew without a policy. */
export type LineTerms = {
  limit: RateLimit | null;
  tokenLimit: RateLimit | null;
  rampMs: number;
  openMs: number;
};

/** Which limits are in force at a step. `factor` is the ramp's. */
export type LimiterTerms = {
  limit: RateLimit | null;
  tokenLimit: RateLimit | null;
  factor: number;
  now: number;
};

/** A turn: a place in each bucket, as of `shiftMs`. */
export type Reservation = { dueAt: number; requests: Place; tokens: Place; shiftMs: number };

export type Ask = { cost: number; tokens: number; isCold?: boolean };

/** Timers may fire this early, and a call so much before its place is over does no harm. */
const earlyMs = 1;
/** A timer that is later than this was no timer's fault: its process was stopped. */
const maxOverdueMs = 1_000;
/** Places of parked ones count as unused only after it: their tasks come back by a timer of the fleet. */
const minUnusedMs = 1_000;

export const freshLimiter: LimiterState = {
  nextAt: 0,
  tokensNextAt: 0,
  shiftMs: 0,
  holdUntil: 0,
  parkAt: 0,
  line: null,
  isLineStale: false,
  usedAt: 0,
};

/** What a call would be given now; nothing is reserved. */
export function planTurn(limiter: LimiterState, ask: Ask, terms: LimiterTerms): Reservation {
  const { limit, tokenLimit, factor, now } = terms;
  const inTokens = tokenLimit && { cost: ask.tokens, factor: 1, asOf: now };
  const tokens = inTokens && nextPlace(limiter.tokensNextAt, paceOf(tokenLimit), inTokens);
  const earliestAt = Math.max(now, tokens?.dueAt ?? now);
  const inRequests = { cost: ask.cost, factor, asOf: earliestAt, isCold: ask.isCold ?? false };
  const requests = limit && nextPlace(limiter.nextAt, paceOf(limit), inRequests);
  return {
    dueAt: Math.max(earliestAt, requests?.dueAt ?? now, limiter.holdUntil),
    requests: requests ? { endAt: requests.endAt, lengthMs: requests.lengthMs } : noPlace,
    tokens: tokens ? { endAt: tokens.endAt, lengthMs: tokens.lengthMs } : noPlace,
    shiftMs: limiter.shiftMs,
  };
}

export function takeTurn(limiter: LimiterState, { requests, tokens }: Reservation): void {
  if (requests !== noPlace) limiter.nextAt = requests.endAt;
  if (tokens !== noPlace) limiter.tokensNextAt = tokens.endAt;
}

/** When a reserved turn may be used, with all holds since. */
export function dueNow(limiter: LimiterState, turn: Reservation): number {
  return Math.max(turn.dueAt + movedBy(limiter, turn), limiter.holdUntil);
}

export function isDue(limiter: LimiterState, turn: Reservation, now: number): boolean {
  return dueNow(limiter, turn) <= now + earlyMs;
}

/** Notes that the call of a turn is made: its place is used. */
export function useTurn(limiter: LimiterState, turn: Reservation): void {
  limiter.usedAt = Math.max(limiter.usedAt, turn.requests.endAt + movedBy(limiter, turn));
}

/**
 * Sees to it that a turn which is due has its place. One whose timer was late may be too near to the next, and all after
 * it move along. False when one of these has called already, or they would move far: then it needs another place.
 */
export function securePlace(
  limiter: LimiterState,
  turn: Reservation & { cost: number },
  { limit, now }: LimiterTerms,
): boolean {
  if (limit === null) return true;
  const endAt = turn.requests.endAt + movedBy(limiter, turn);
  const stretchMs = stretchOf(turn.requests, turn.cost, paceOf(limit));
  const overdueMs = now - limit.intervalMs + earlyMs - (endAt - stretchMs);
  if (overdueMs <= 0) return true;
  if (overdueMs > maxOverdueMs || endAt <= limiter.usedAt) return false;
  moveAll(limiter, overdueMs);
  return true;
}

export function giveBack(limiter: LimiterState, turn: Reservation): void {
  const movedMs = movedBy(limiter, turn);
  const moved = ({ endAt, lengthMs }: Place) => ({ endAt: endAt + movedMs, lengthMs });
  limiter.nextAt = givenBack(limiter.nextAt, moved(turn.requests));
  limiter.tokensNextAt = givenBack(limiter.tokensNextAt, moved(turn.tokens));
}

/** A batch goes back latest first, or all but its last would have one of its own after it. */
export function giveBackAll(limiter: LimiterState, turns: readonly Reservation[]): void {
  const latestFirst = turns.toSorted(
    (a, b) => b.requests.endAt - a.requests.endAt || b.tokens.endAt - a.tokens.endAt,
  );
  for (const turn of latestFirst) giveBack(limiter, turn);
}

/**
 * Whether a call that comes for the first time must let those go first that were parked: not when their places have
 * gone unused for a while.
 */
export function mustGiveWay(
  limiter: LimiterState,
  { ask, maxWaitMs }: { ask: Ask; maxWaitMs: number },
  { limit, tokenLimit, factor, now }: LimiterTerms,
): boolean {
  if (limiter.parkAt <= now || (limit === null && tokenLimit === null)) return false;
  const unusedMs = Math.max(maxWaitMs, minUnusedMs);
  const isIdle = (of: RateLimit | null, nextAt: number, request: { cost: number; factor: number }) => {
    if (of === null) return true;
    const pace = paceOf(of);
    const { lengthMs } = nextPlace(nextAt, pace, { ...request, asOf: now });
    return now - nextAt >= Math.min(lengthMs, savedFor(request.cost, pace)) + unusedMs;
  };
  return !(
    isIdle(limit, limiter.nextAt, { cost: ask.cost, factor }) &&
    isIdle(tokenLimit, limiter.tokensNextAt, { cost: ask.tokens, factor: 1 })
  );
}

/** Moves every turn past the hold, in order; false when an earlier hold lasts longer. Nothing is saved up meanwhile. */
export function holdAll(limiter: LimiterState, holdMs: number, now: number): boolean {
  const until = now + holdMs;
  const addMs = until - Math.max(limiter.holdUntil, now);
  if (!(addMs > 0)) return false;
  moveAll(limiter, addMs);
  limiter.holdUntil = until;
  limiter.nextAt = Math.max(limiter.nextAt, until);
  limiter.tokensNextAt = Math.max(limiter.tokensNextAt, until);
  return true;
}

/** The estimate was off by `tokens`: below 0 it was too high. */
export function correctTokens(
  limiter: LimiterState,
  tokens: number,
  { tokenLimit, now }: LimiterTerms,
): void {
  if (tokenLimit === null) return;
  const { savedMs, turnMs } = paceOf(tokenLimit);
  limiter.tokensNextAt = Math.max(limiter.tokensNextAt, now - savedMs) + tokens * turnMs;
}

/** Every turn that is reserved, and the end of their line. */
function moveAll(limiter: LimiterState, byMs: number): void {
  limiter.shiftMs += byMs;
  limiter.nextAt += byMs;
  limiter.tokensNextAt += byMs;
}

function movedBy(limiter: LimiterState, turn: Reservation): number {
  return limiter.shiftMs - turn.shiftMs;
}

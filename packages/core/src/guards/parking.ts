import type { RateLimit, TurnAnswer } from "../ports/guards.ts";
import { type BreakerRecord, rampFactor } from "./breaker.ts";
import type { GuardState, GuardStep } from "./guard-state.ts";
import { isSameLimit } from "./limit-settings.ts";
import { type Ask, type LineTerms, planTurn } from "./limiter.ts";
import { paceOf } from "./virtual-clock.ts";

/** Between two parked calls of a service that limits nothing: 50 a second at the full rate. */
const unlimitedTurnMs = 20;
const halfOpenMs = 1_000;
/** What the way to a worker and back may add to the delay of one that is parked, a store that was away included. */
const latenessMs = 15_000;

/** `dueAt` is for those that the limiter sends away. */
export type Parking = { ask: Ask } & (
  | { reason: "open" | "half_open" }
  | { reason: "limited"; dueAt: number }
);

/** Sends a call away, to a place after the others that were: parked tasks come back one after another. */
export function parkCall(guard: GuardState, parking: Parking, { policy, now }: GuardStep): TurnAnswer {
  const { rampMs, openMs } = policy.breaker;
  const line = { limit: guard.limits.inForce, tokenLimit: policy.tokenLimit, rampMs, openMs };
  guard.limiter.line = line;
  const baseAt = parking.reason === "limited" ? parking.dueAt : closedUntil(guard.breaker, line, now);
  const placeAt = takePlace(guard, { ask: parking.ask, baseAt, line }, now);
  return { kind: "park", reason: parking.reason, delayMs: Math.ceil(placeAt - now) };
}

/** The due time of the next of a line that is stale, from its first on. */
export function seatAnew(guard: GuardState, ask: Ask, now: number): number {
  const { limiter, limits, breaker } = guard;
  const line = { ...(limiter.line ?? noLine), limit: limits.inForce };
  limiter.line = line;
  const { limit, tokenLimit, rampMs } = line;
  const factor = rampFactor(now, breaker.closedAt, rampMs);
  const isClosed = breaker.state === "CLOSED";
  const baseAt = isClosed
    ? planTurn(limiter, ask, { limit, tokenLimit, factor, now }).dueAt
    : closedUntil(breaker, line, now);
  return now + Math.ceil(takePlace(guard, { ask, baseAt, line }, now) - now);
}
const noLine: LineTerms = { limit: null, tokenLimit: null, rampMs: 0, openMs: 0 };

/** Who has a place beyond the end of the line has it from before the line began anew. */
export function isBeyondLine({ limiter }: GuardState, dueAt: number): boolean {
  return dueAt > limiter.parkAt + latenessMs;
}

/** The line begins anew, and all who stand in it get other places. */
export function leaveLine({ limiter }: GuardState): void {
  limiter.parkAt = 0;
  limiter.isLineStale = true;
}

/** Whether the limit was changed since the line's places were given. */
export function leaveLineOfOtherLimit(guard: GuardState): void {
  const { line } = guard.limiter;
  const { inForce } = guard.limits;
  if (line === null || isSameLimit(line.limit, inForce)) return;
  line.limit = inForce;
  leaveLine(guard);
}

type Seat = { ask: Ask; baseAt: number; line: LineTerms };

function takePlace({ limiter, breaker }: GuardState, { ask, baseAt, line }: Seat, now: number): number {
  const placeAt = Math.max(limiter.parkAt, baseAt);
  const factor = rampFactor(placeAt, expectedCloseAt(breaker, now), line.rampMs);
  const requestsMs = (ask.cost * (turnMsOf(line.limit) ?? unlimitedTurnMs)) / factor;
  const tokensMs = ask.tokens * (turnMsOf(line.tokenLimit) ?? 0);
  limiter.parkAt = placeAt + Math.max(requestsMs, tokensMs);
  return placeAt;
}

function turnMsOf(limit: RateLimit | null): number | null {
  return limit && paceOf(limit).turnMs;
}

/** Before it, it is no use to come back to a breaker that is not closed. */
function closedUntil({ state, retryAt }: BreakerRecord, { openMs }: LineTerms, now: number): number {
  if (state === "HALF_OPEN") return now + halfOpenMs;
  return Math.max(now, retryAt ?? now + openMs);
}

function expectedCloseAt({ state, retryAt, closedAt }: BreakerRecord, now: number): number | null {
  if (state === "OPEN") return retryAt;
  return state === "HALF_OPEN" ? now : closedAt;
}

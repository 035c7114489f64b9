import type { GuardPolicy, RateLimit, TurnAnswer } from "../ports/guards.ts";
import { type BreakerRecord, rampFactor } from "./breaker.ts";
import type { GuardState, GuardStep } from "./guard-state.ts";
import type { Ask } from "./limiter.ts";
import { paceOf } from "./virtual-clock.ts";

/** Between two parked calls of a service that limits nothing: 50 a second at the full rate. */
const unlimitedTurnMs = 20;
const halfOpenMs = 1_000;

/** `dueAt` is for those that the limiter sends away. */
export type Parking = { ask: Ask } & (
  | { reason: "open" | "half_open" }
  | { reason: "limited"; dueAt: number }
);

/** Sends a call away, to a place after the others that were: parked tasks come back one after another. */
export function parkCall(guard: GuardState, parking: Parking, { policy, now }: GuardStep): TurnAnswer {
  const { breaker, limiter, limits } = guard;
  const placeAt = Math.max(limiter.parkAt, baseOf(breaker, parking, { policy, now }));
  const { cost, tokens } = parking.ask;
  const factor = rampFactor(placeAt, expectedCloseAt(breaker, now), policy.breaker.rampMs);
  const requestsMs = (cost * (turnMsOf(limits.inForce) ?? unlimitedTurnMs)) / factor;
  const tokensMs = tokens * (turnMsOf(policy.tokenLimit) ?? 0);
  limiter.parkAt = placeAt + Math.max(requestsMs, tokensMs);
  return { kind: "park", reason: parking.reason, delayMs: Math.ceil(placeAt - now) };
}

function turnMsOf(limit: RateLimit | null): number | null {
  return limit && paceOf(limit).turnMs;
}

/** Before it, it is no use to come back. */
function baseOf(breaker: BreakerRecord, parking: Parking, { policy, now }: Policed): number {
  if (parking.reason === "limited") return parking.dueAt;
  if (parking.reason === "half_open") return now + halfOpenMs;
  return breaker.retryAt ?? now + policy.breaker.openMs;
}
type Policed = { policy: GuardPolicy; now: number };

function expectedCloseAt({ state, retryAt, closedAt }: BreakerRecord, now: number): number | null {
  if (state === "OPEN") return retryAt;
  return state === "HALF_OPEN" ? now : closedAt;
}

import type { GuardPolicy, LimiterView, ServiceGuardView } from "../ports/guards.ts";
import { type BreakerRecord, breakerStateOf, freshBreaker, rampFactor, type StepContext } from "./breaker.ts";
import {
  isSameLimit,
  type LimitSettings,
  limitBeforeLearning,
  noLimits,
  raiseLimit,
} from "./limit-settings.ts";
import { freshLimiter, type LimiterState, type LimiterTerms, planTurn } from "./limiter.ts";
import { paceOf, tokensIn } from "./virtual-clock.ts";

/**
 * All that a store keeps of a service's guards, as plain JSON. A step changes the state that it is handed and nothing
 * else; its caller stores the state and then publishes the step's events.
 */
export type GuardState = { breaker: BreakerRecord; limiter: LimiterState; limits: LimitSettings };

export type GuardStep = StepContext & { policy: GuardPolicy };

/** Of a service that nobody has used yet. */
export function freshGuard(): GuardState {
  return {
    breaker: { ...freshBreaker, window: {}, probes: {} },
    limiter: { ...freshLimiter },
    limits: { ...noLimits },
  };
}

/** As a store keeps it, perhaps one that an earlier version wrote. */
export function readGuard(text: string): GuardState {
  const guard = JSON.parse(text) as GuardState;
  return { ...guard, limiter: { ...freshLimiter, ...guard.limiter } };
}

export function limiterTerms({ limits, breaker }: GuardState, { policy, now }: GuardStep): LimiterTerms {
  const factor = rampFactor(now, breaker.closedAt, policy.breaker.rampMs);
  return { limit: limits.inForce, tokenLimit: policy.tokenLimit, factor, now };
}

/** Publishes the limit when another one is in force after `change`. */
export function changingLimits(
  guard: GuardState,
  change: (limits: LimitSettings) => LimitSettings,
  { service, now, events }: StepContext,
): void {
  const before = guard.limits.inForce;
  guard.limits = change(guard.limits);
  const limit = guard.limits.inForce;
  if (limit === null || isSameLimit(before, limit)) return;
  events.push({ type: "rate_limit_changed", service, limit, at: now });
}

/** For people: without the ramp, which is the policy's business. */
export function guardView(service: string, guard: GuardState, now: number): ServiceGuardView {
  return { service, breaker: breakerStateOf(guard.breaker, now), limiter: limiterView(guard, now) };
}

function limiterView({ limits, limiter }: GuardState, now: number): LimiterView | null {
  const settings = raiseLimit(limits, now);
  const limit = settings.inForce;
  if (limit === null) return null;
  const ask = { cost: 1, tokens: 0 };
  const { dueAt } = planTurn(limiter, ask, { limit, tokenLimit: null, factor: 1, now });
  return {
    limit,
    configured: limitBeforeLearning(settings) ?? limit,
    tokens: tokensIn(limiter.nextAt, paceOf(limit), now),
    holdUntil: limiter.holdUntil > now ? limiter.holdUntil : null,
    waitMs: Math.ceil(Math.max(0, dueAt - now)),
  };
}

import type { GuardPolicy, RateLimit } from "../ports/guards.ts";
import { forceBreakerOpen, resetBreaker, type StepContext } from "./breaker.ts";
import { changingLimits, type GuardState } from "./guard-state.ts";
import { changeLimit, configureLimit } from "./limit-settings.ts";

/** At the start of a process. */
export function configureGuard(guard: GuardState, { limit }: GuardPolicy, context: StepContext): void {
  changingLimits(guard, (limits) => configureLimit(limits, limit), context);
}

export function changeGuardLimit(guard: GuardState, limit: RateLimit, context: StepContext): void {
  changingLimits(guard, (limits) => changeLimit(limits, limit), context);
}

/** Until it is reset, whatever the calls say. */
export function forceGuardOpen(guard: GuardState, context: StepContext): void {
  forceBreakerOpen(guard.breaker, context);
}

/** Closes it, and lets go of the line of those that were parked. */
export function resetGuard(guard: GuardState, context: StepContext): void {
  resetBreaker(guard.breaker, context);
  guard.limiter.parkAt = 0;
}

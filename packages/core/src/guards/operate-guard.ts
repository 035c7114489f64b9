import type { GuardPolicy, RateLimit } from "../ports/guards.ts";
import { forceBreakerOpen, resetBreaker, type StepContext } from "./breaker.ts";
import { changingLimits, type GuardState } from "./guard-state.ts";
import { changeLimit, configureLimit } from "./limit-settings.ts";
import { leaveLine, leaveLineOfOtherLimit } from "./parking.ts";

/** At the start of a process. */
export function configureGuard(guard: GuardState, { limit }: GuardPolicy, context: StepContext): void {
  changingLimits(guard, (limits) => configureLimit(limits, limit), context);
  leaveLineOfOtherLimit(guard);
}

export function changeGuardLimit(guard: GuardState, limit: RateLimit, context: StepContext): void {
  changingLimits(guard, (limits) => changeLimit(limits, limit), context);
  leaveLineOfOtherLimit(guard);
}

/** Until it is reset, whatever the calls say. */
export function forceGuardOpen(guard: GuardState, context: StepContext): void {
  forceBreakerOpen(guard.breaker, context);
}

/** Closes it. The line of those that were parked begins anew. */
export function resetGuard(guard: GuardState, context: StepContext): void {
  resetBreaker(guard.breaker, context);
  leaveLine(guard);
}

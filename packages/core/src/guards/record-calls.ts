import type { CallRecord, RateLimit } from "../ports/guards.ts";
import { countCall, sumWindow } from "./breaker-window.ts";
import { changingLimits, type GuardState, type GuardStep, limiterTerms } from "./guard-state.ts";
import { ensureLimit, learnLimit, raiseLimit } from "./limit-settings.ts";
import { correctTokens, holdAll } from "./limiter.ts";
import { decodeTurn } from "./turn.ts";

/** What calls that ended say to the breaker and the limiters, one after another. */
export function recordCalls(guard: GuardState, calls: readonly CallRecord[], step: GuardStep): void {
  changingLimits(guard, (limits) => ensureLimit(limits, step.policy.limit), step);
  for (const call of calls) recordCall(guard, call, step);
  sumWindow(guard.breaker, step.policy.breaker, step.now);
}

function recordCall(guard: GuardState, call: CallRecord, step: GuardStep): void {
  const { outcome, holdMs, learnedLimit, tokensUsed } = call;
  const { version, probeId, estimate } = decodeTurn(call.turn);
  countCall(guard.breaker, { outcome, version, probeId }, { ...step, policy: step.policy.breaker });
  if (holdMs !== null) holdService(guard, holdMs, step);
  if (learnedLimit !== null) learn(guard, learnedLimit, step);
  if (tokensUsed !== null) correctTokens(guard.limiter, tokensUsed - estimate, limiterTerms(guard, step));
}

function holdService({ limiter }: GuardState, holdMs: number, { service, now, events }: GuardStep): void {
  if (!(holdMs > 0) || !holdAll(limiter, holdMs, now)) return;
  events.push({ type: "service_held", service, holdUntil: limiter.holdUntil, at: now });
}

function learn(guard: GuardState, limit: RateLimit, step: GuardStep): void {
  changingLimits(guard, (limits) => learnLimit(raiseLimit(limits, step.now), limit, step.now), step);
}

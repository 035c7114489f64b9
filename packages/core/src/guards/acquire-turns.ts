import type { TurnAnswer, TurnRequest } from "../ports/guards.ts";
import { tryAgain } from "./breaker.ts";
import { changingLimits, type GuardState, type GuardStep, limiterTerms } from "./guard-state.ts";
import { ensureLimit, raiseLimit } from "./limit-settings.ts";
import { mustGiveWay, planTurn, takeTurn, useTurn } from "./limiter.ts";
import { leaveLineOfOtherLimit, parkCall } from "./parking.ts";
import { hasFreeProbe, holdsProbe, leaseProbe } from "./probes.ts";
import { encodeTurn } from "./turn.ts";

type Asked = { requests: readonly TurnRequest[]; maxWaitMs: number };

/** Answers each request in order: breaker first, then those who were parked, then the limiters. */
export function acquireTurns(guard: GuardState, asked: Asked, step: GuardStep): TurnAnswer[] {
  refreshLimit(guard, step);
  return asked.requests.map((request) => {
    const refusal = refusalOf(guard, null, step);
    if (refusal !== null) return parkCall(guard, { reason: refusal, ask: request }, step);
    return reserveTurn(guard, { ...request, maxWaitMs: asked.maxWaitMs, probeId: null }, step);
  });
}

/** The limit in force as of now: what the store forgot is put in place, what was learned is raised. */
export function refreshLimit(guard: GuardState, step: GuardStep): void {
  changingLimits(guard, (limits) => raiseLimit(ensureLimit(limits, step.policy.limit), step.now), step);
  leaveLineOfOtherLimit(guard);
}

/** Why the breaker lets nobody through, or this probe. */
export function refusalOf(guard: GuardState, probeId: string | null, step: GuardStep): Refusal | null {
  const { breaker } = guard;
  const { policy, now } = step;
  tryAgain(breaker, step);
  if (breaker.state === "OPEN") return "open";
  if (breaker.state === "CLOSED" || holdsProbe(breaker, probeId, now)) return null;
  return hasFreeProbe(breaker, policy.breaker, now) ? null : "half_open";
}
type Refusal = "open" | "half_open";

/** Of a call that the breaker lets through. `probeId`: the lease that it has already. */
export type Reserving = TurnRequest & { maxWaitMs: number; probeId: string | null };

export function reserveTurn(guard: GuardState, request: Reserving, step: GuardStep): TurnAnswer {
  const { limiter, breaker } = guard;
  const { cost, tokens, isReturning, maxWaitMs } = request;
  const terms = limiterTerms(guard, step);
  const planned = planTurn(limiter, request, terms);
  const waitMs = planned.dueAt - step.now;
  const isOutOfTurn = !isReturning && mustGiveWay(limiter, { ask: request, maxWaitMs }, terms);
  if (isOutOfTurn || waitMs > maxWaitMs) {
    return parkCall(guard, { reason: "limited", ask: request, dueAt: planned.dueAt }, step);
  }
  takeTurn(limiter, planned);
  const probeId = keepProbe(guard, request.probeId, step);
  const turn = encodeTurn({ ...planned, cost, estimate: tokens, version: breaker.version, probeId });
  if (waitMs > 0) return { kind: "wait", turn, waitMs: Math.ceil(waitMs) };
  useTurn(limiter, planned);
  return { kind: "granted", turn, isProbe: probeId !== null };
}

/** While half-open every turn is a probe, for as long as its lease. */
export function keepProbe({ breaker }: GuardState, probeId: string | null, step: GuardStep): string | null {
  if (breaker.state !== "HALF_OPEN") return null;
  const { policy, now } = step;
  const ownId = holdsProbe(breaker, probeId, now) ? probeId : null;
  return leaseProbe(breaker, ownId, now + policy.breaker.probeMs);
}

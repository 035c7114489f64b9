import type { Turn, TurnAnswer } from "../ports/guards.ts";
import { keepProbe, refreshLimit, refusalOf, reserveTurn } from "./acquire-turns.ts";
import { type GuardState, type GuardStep, limiterTerms } from "./guard-state.ts";
import { dueNow, giveBack, giveBackAll, isDue, securePlace, useTurn } from "./limiter.ts";
import { parkCall } from "./parking.ts";
import { endProbe } from "./probes.ts";
import { decodeTurn, encodeTurn, type Ticket } from "./turn.ts";

type Confirming = { turns: readonly Turn[]; maxWaitMs: number };

/** Answers each turn in order. Those that are sent away go back when all are answered, latest first. */
export function confirmTurns(
  guard: GuardState,
  { turns, maxWaitMs }: Confirming,
  step: GuardStep,
): TurnAnswer[] {
  refreshLimit(guard, step);
  const tickets = turns.map(decodeTurn);
  const sentAway: Ticket[] = [];
  const answers = tickets.map((ticket) => {
    const answer = confirmTurn(guard, { ...ticket, maxWaitMs }, step);
    if (answer !== "passed" && answer.kind === "park") sentAway.push(ticket);
    return answer === "passed" ? reserveAnew(guard, { ...ticket, maxWaitMs }, step) : answer;
  });
  for (const { probeId } of sentAway) endProbe(guard.breaker, probeId);
  giveBackAll(guard.limiter, sentAway);
  return answers;
}

/** Gives turns back that were reserved or granted and will not be used. */
export function cancelTurns(guard: GuardState, turns: readonly Turn[]): void {
  const tickets = turns.map(decodeTurn);
  for (const { probeId } of tickets) endProbe(guard.breaker, probeId);
  giveBackAll(guard.limiter, tickets);
}

type Waiting = Ticket & { maxWaitMs: number };

function confirmTurn(guard: GuardState, ticket: Waiting, step: GuardStep): TurnAnswer | "passed" {
  const { limiter, breaker } = guard;
  const { maxWaitMs } = ticket;
  const ask = { cost: ticket.cost, tokens: ticket.estimate };
  const refusal = refusalOf(guard, ticket.probeId, step);
  if (refusal !== null) return parkCall(guard, { reason: refusal, ask }, step);
  const dueAt = dueNow(limiter, ticket);
  const waitMs = dueAt - step.now;
  const mayUse = isDue(limiter, ticket, step.now);
  if (!mayUse && waitMs > maxWaitMs) return parkCall(guard, { reason: "limited", ask, dueAt }, step);
  if (mayUse && !securePlace(limiter, ticket, limiterTerms(guard, step))) return "passed";
  const probeId = keepProbe(guard, ticket.probeId, step);
  const turn = encodeTurn({ ...ticket, version: breaker.version, probeId });
  if (!mayUse) return { kind: "wait", turn, waitMs: Math.ceil(waitMs) };
  useTurn(limiter, ticket);
  return { kind: "granted", turn, isProbe: probeId !== null };
}

function reserveAnew(guard: GuardState, ticket: Waiting, step: GuardStep): TurnAnswer {
  const { cost, estimate, maxWaitMs, probeId } = ticket;
  giveBack(guard.limiter, ticket);
  const answer = reserveTurn(guard, { cost, tokens: estimate, isReturning: true, maxWaitMs, probeId }, step);
  if (answer.kind === "park") endProbe(guard.breaker, probeId);
  return answer;
}

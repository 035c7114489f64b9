/** What the tests of guards ask with: a service of 10 requests a second, whose breaker opens at half of 4 calls. */
import type { CallRecord, GuardAnswer, GuardPolicy, TurnRequest } from "@workstream/core";

export const oneTurn: TurnRequest = { cost: 1, isReturning: false, tokens: 0 };

export function guardPolicy(overrides: Partial<GuardPolicy> = {}): GuardPolicy {
  return {
    service: "mail",
    limit: { requests: 10, intervalMs: 1_000 },
    tokenLimit: null,
    breaker: {
      failureThreshold: 0.5,
      volumeThreshold: 4,
      windowMs: 60_000,
      openMs: 30_000,
      probes: 2,
      probeMs: 5_000,
      rampMs: 10_000,
    },
    ...overrides,
  };
}

export function callRecord(turn: string, overrides: Partial<CallRecord> = {}): CallRecord {
  return {
    turn,
    outcome: "success",
    holdMs: null,
    learnedLimit: null,
    tokensUsed: null,
    serviceState: null,
    message: "",
    promptTokens: 0,
    completionTokens: 0,
    cost: 0,
    ...overrides,
  };
}

/** The turns of those that were granted or wait. */
export function turnsOf({ answers }: GuardAnswer): string[] {
  return answers.flatMap((answer) => (answer.kind === "park" ? [] : [answer.turn]));
}

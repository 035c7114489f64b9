/** How the scripts of the guards are asked, and how their replies read (lua/lib/breaker-steps.lua, lua/acquire-turns.lua). */
import type {
  BreakerState,
  CallRecord,
  GuardPolicy,
  LimiterView,
  RateLimit,
  ServiceGuardView,
  TurnAnswer,
} from "@workstream/core";
import type { BreakerReply, LimiterReply } from "./scripts.ts";

export function policyArgsOf({ service, limit, tokenLimit, breaker }: GuardPolicy) {
  return {
    service,
    requests: limit?.requests ?? "",
    intervalMs: limit?.intervalMs ?? "",
    tokenRequests: tokenLimit?.requests ?? "",
    tokenIntervalMs: tokenLimit?.intervalMs ?? "",
    failureThreshold: breaker.failureThreshold,
    volumeThreshold: breaker.volumeThreshold,
    windowMs: breaker.windowMs,
    openMs: breaker.openMs,
    probes: breaker.probes,
    probeMs: breaker.probeMs,
    rampMs: breaker.rampMs,
  };
}

export function callFieldsOf(call: CallRecord) {
  return {
    turn: call.turn,
    outcome: call.outcome,
    holdMs: call.holdMs ?? "",
    learnedRequests: call.learnedLimit?.requests ?? "",
    learnedIntervalMs: call.learnedLimit?.intervalMs ?? "",
    tokensUsed: call.tokensUsed ?? "",
    serviceState: call.serviceState ?? "",
    message: call.message,
    promptTokens: call.promptTokens,
    completionTokens: call.completionTokens,
    cost: call.cost,
  };
}

export function readBreaker(reply: BreakerReply): BreakerState {
  const [state, version, failures, successes, openedAt, retryAt, closedAt, probes] = reply;
  const counts = { version, failures, successes };
  if (state === "OPEN") return { state, ...counts, openedAt, retryAt };
  if (state === "HALF_OPEN") return { state, ...counts, openedAt, probes };
  return { state: "CLOSED", ...counts, closedAt };
}

/** Three values each: granted, turn, isProbe · wait, turn, waitMs · park, reason, delayMs. */
export function readAnswers(values: readonly (string | number)[]): TurnAnswer[] {
  const answers: TurnAnswer[] = [];
  for (let at = 0; at + 2 < values.length; at += 3) {
    const [kind, text, number] = [values[at], String(values[at + 1]), Number(values[at + 2])];
    if (kind === "granted") answers.push({ kind, turn: text, isProbe: number === 1 });
    else if (kind === "wait") answers.push({ kind, turn: text, waitMs: number });
    else answers.push({ kind: "park", reason: text as ParkReason, delayMs: number });
  }
  return answers;
}

type ParkReason = Extract<TurnAnswer, { kind: "park" }>["reason"];

/** Three values each: service, breaker, limiter. */
export function readGuardViews(
  values: readonly (string | BreakerReply | LimiterReply)[],
): ServiceGuardView[] {
  const views: ServiceGuardView[] = [];
  for (let at = 0; at + 2 < values.length; at += 3) {
    views.push({
      service: values[at] as string,
      breaker: readBreaker(values[at + 1] as BreakerReply),
      limiter: readLimiter(values[at + 2] as LimiterReply),
    });
  }
  return views;
}

function readLimiter(reply: LimiterReply): LimiterView | null {
  if (reply.length === 0) return null;
  const [requests, intervalMs, configuredRequests, configuredIntervalMs, tokens, holdUntil = "", waitMs] =
    reply;
  return {
    limit: limitOf(requests, intervalMs),
    configured: limitOf(configuredRequests, configuredIntervalMs),
    tokens: Number(tokens),
    holdUntil: instantOrNull(holdUntil),
    waitMs: Number(waitMs),
  };
}

function limitOf(requests: unknown, intervalMs: unknown): RateLimit {
  return { requests: Number(requests), intervalMs: Number(intervalMs) };
}

function instantOrNull(value: string | number): number | null {
  return value === "" ? null : Number(value);
}

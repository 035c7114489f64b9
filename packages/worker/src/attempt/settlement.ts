import {
  decideRetry,
  type FailedNext,
  maxErrorLength,
  type ParkedFor,
  type RetrySchedules,
  type Settlement,
} from "@workstream/core";
import { verdictOf } from "../definition/verdict.ts";
import type { Attempt } from "./attempt.ts";
import { causes, errorText, type Failure, failureOf } from "./failure.ts";
import type { Ending } from "./run-handler.ts";

/** When the attempt ended: monotonic ms. And the limit on the age at which a task is retried. */
export type SettlementRules = { endedAt: number; maxTaskAgeMs: number };

/**
 * How an attempt is settled: what the handler made of it, unless we stopped it first.
 *
 * A result counts even when it comes after the abort, as long as the lease holds. A failure that a retry
 * could mend and that comes after the abort is the abort's doing: a drain hands the task back, the time limit
 * fails it. An attempt that was parked is parked, even when its handler made something else of that.
 */
export function settlementOf(attempt: Attempt, ending: Ending, rules: SettlementRules): Settlement {
  if (attempt.parking) return parked(attempt.parking.dueAt - rules.endedAt, attempt.parking.parkedFor);
  if (ending.kind === "returned") return { kind: "complete", result: ending.result };
  const verdict = verdictOf(ending.thrown);
  if (verdict?.kind === "snooze") return { kind: "snooze", delayMs: verdict.delayMs, isParked: false };
  if (verdict?.kind === "park") return parked(verdict.delayMs, verdict.parking ?? null);
  if (verdict?.kind === "cancel") return { kind: "cancel", reason: errorText(ending.thrown) };
  const failure = failureOf(ending.thrown);
  if (attempt.abortReason === null || isFinal(failure, attempt)) return failed(attempt, failure, rules);
  const isOwnAbort = causes(ending.thrown).includes(attempt.signal.reason);
  return settlementOfAborted(attempt, rules, isOwnAbort ? "" : failure.message);
}

/**
 * For a handler that failed after its signal was aborted, or did not end at all.
 * @param lastWords what it said, beyond that it was aborted
 */
export function settlementOfAborted(attempt: Attempt, rules: SettlementRules, lastWords = ""): Settlement {
  if (attempt.parking) return parked(attempt.parking.dueAt - rules.endedAt, attempt.parking.parkedFor);
  if (attempt.abortReason === "drain") return { kind: "release" };
  return failed(attempt, timeoutFailure(attempt, lastWords), rules);
}

function parked(delayMs: number, parking: ParkedFor | null): Settlement {
  const settlement = { kind: "snooze", delayMs: Math.max(0, Math.ceil(delayMs)), isParked: true } as const;
  return parking === null ? settlement : { ...settlement, parking };
}

/**
 * Error type Default, not NetworkTimeout: that one stands for an answer that failed to come and is worth
 * asking for again in two seconds, while a whole run that took too long will hardly be faster two seconds
 * later.
 */
function timeoutFailure({ limitMs }: Attempt, lastWords: string): Failure {
  const message = `It ran longer than its limit of ${limitMs / 1000} s. ${lastWords}`.trim();
  return { errorType: "Default", message: message.slice(0, maxErrorLength), retryAfterMs: null };
}

function isFinal({ errorType }: Failure, { definition }: Attempt): boolean {
  return definition.retry.schedules[errorType].length === 0;
}

function failed(attempt: Attempt, failure: Failure, rules: SettlementRules): Settlement {
  const { errorType, message } = failure;
  return { kind: "fail", error: message, errorType, next: nextOf(attempt, failure, rules) };
}

function nextOf(
  { task, definition, startedAt }: Attempt,
  failure: Failure,
  rules: SettlementRules,
): FailedNext {
  const schedules: RetrySchedules = definition.retry.schedules;
  const decision = decideRetry(
    {
      errorType: failure.errorType,
      retryCount: task.retryCount,
      maxRetries: task.maxRetries,
      ageMs: task.ageMs + (rules.endedAt - startedAt),
      maxAgeMs: rules.maxTaskAgeMs,
      ...(failure.retryAfterMs === null ? {} : { retryAfterMs: failure.retryAfterMs }),
    },
    schedules,
  );
  if (decision.kind === "retry") return { to: "SCHEDULED", delayMs: decision.delayMs };
  return { to: definition.retry.deadLetter ? "DLQ" : "FAILED" };
}

import { type ErrorType, errorTypes, type ParkedFor } from "@workstream/core";

/**
 * What a handler can say other than "here is my result" and "this attempt failed".
 *
 * A verdict is thrown, from however deep, or returned. It is recognized by a `Symbol.for` brand, never by
 * instanceof, so one made by another copy of this package counts too.
 */
const verdictBrand: unique symbol = Symbol.for("workstream.verdict");

export type VerdictBody =
  | { kind: "fail"; errorType: ErrorType; retryAfterMs: number | null }
  | { kind: "snooze"; delayMs: number }
  /** A service that the attempt needs will not have it before. The attempt itself knows when that is. */
  | { kind: "park"; delayMs: number; parking: ParkedFor | null }
  | { kind: "cancel" };

/** An error, so that throwing one keeps its stack. */
export type Verdict<Body extends VerdictBody = VerdictBody> = Error & { readonly [verdictBrand]: Body };

type FailOptions = { retryAfterMs?: number; cause?: unknown };

/**
 * Fails the attempt with an error type, which chooses the retry schedule.
 * @param options.retryAfterMs the least wait before the next attempt, as the service asked for it; 0 or more
 * @throws TypeError for an unknown error type · RangeError for a negative wait
 */
export function taskError(
  errorType: ErrorType,
  message: string,
  { retryAfterMs, cause }: FailOptions = {},
): Verdict {
  if (!errorTypes.includes(errorType)) {
    throw new TypeError(
      `There is no error type ${JSON.stringify(errorType)}; there are ${errorTypes.join(", ")}.`,
    );
  }
  if (retryAfterMs !== undefined) assertDuration(retryAfterMs, "retryAfterMs");
  return verdict({ kind: "fail", errorType, retryAfterMs: retryAfterMs ?? null }, message, cause);
}

/** Fails the task for good: no retry would help. It goes to the dead letters as PermanentError. */
export function permanent(message: string, { cause }: { cause?: unknown } = {}): Verdict {
  return taskError("PermanentError", message, { cause });
}

/** Runs the task again in `delayMs` (0 or more) at the earliest, with no attempt used up. */
export function snooze(delayMs: number): Verdict {
  assertDuration(delayMs, "delayMs");
  return verdict({ kind: "snooze", delayMs: Math.round(delayMs) }, `Snoozed for ${delayMs} ms.`);
}

/** What a guard throws; for handlers there is `snooze`. */
export function park(delayMs: number, message: string, parking: ParkedFor | null = null): Verdict {
  return verdict({ kind: "park", delayMs, parking }, message);
}

/** Ends the task as CANCELLED. */
export function cancel(reason: string): Verdict {
  return verdict({ kind: "cancel" }, reason);
}

/** The verdict in what a handler threw or returned, or null. */
export function verdictOf(outcome: unknown): VerdictBody | null {
  if (typeof outcome !== "object" || outcome === null) return null;
  return (outcome as Partial<Verdict>)[verdictBrand] ?? null;
}

function verdict(body: VerdictBody, message: string, cause?: unknown): Verdict {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  error.name = "TaskVerdict";
  return Object.assign(error, { [verdictBrand]: body });
}

function assertDuration(ms: number, name: string): void {
  if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`${name} must be 0 ms or more, not ${ms}.`);
}

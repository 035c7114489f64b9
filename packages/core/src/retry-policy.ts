/**
 * When a failed attempt is tried again.
 *
 * Four limits bound a task: the run time of an attempt, the task's age, its attempts, and the workers it has cost.
 * This file decides on age and attempts; the worker keeps the run time, the stores count lost workers.
 */
export const errorTypes = [
  "InsufficientCredits",
  "RateLimitError",
  "ServiceUnavailable",
  "NetworkTimeout",
  "Default",
  "PermanentError",
  "DependencyError",
  "ValidationError",
  "WorkerLost",
  "Expired",
] as const;
export type ErrorType = (typeof errorTypes)[number];

/** Seconds before retry 1, 2, 3 … by error type; the last one repeats. An empty schedule goes straight to the DLQ. */
export type RetrySchedules = Record<ErrorType, readonly number[]>;

export const retrySchedules: RetrySchedules = {
  InsufficientCredits: [300, 600, 1800],
  RateLimitError: [120, 300, 600, 1200],
  ServiceUnavailable: [5, 10, 30, 60, 120],
  NetworkTimeout: [2, 5, 10, 30, 60],
  Default: [5, 15, 60, 300],
  PermanentError: [],
  DependencyError: [],
  ValidationError: [],
  WorkerLost: [],
  Expired: [],
};

export const maxJitter = 0.1;

export type FailedAttempt = {
  errorType: ErrorType;
  /** Retries already made, 0 for the first attempt. */
  retryCount: number;
  maxRetries: number;
  /** Time since the task was first due, without parked time. */
  ageMs: number;
  maxAgeMs: number;
  /** A delay that the service asked for (Retry-After); the longer of the two is taken. */
  retryAfterMs?: number;
};

export type RetryDecision =
  | { kind: "retry"; delayMs: number }
  | { kind: "give_up"; reason: "permanent" | "attempts" | "age" };

/**
 * Decides on one failed attempt. Delay of retry n is schedule[min(n, length) − 1] plus up to 10 % jitter.
 * @param random a number in [0, 1), injected by tests
 */
export function decideRetry(
  attempt: FailedAttempt,
  schedules: RetrySchedules = retrySchedules,
  random: number = Math.random(),
): RetryDecision {
  const schedule = schedules[attempt.errorType];
  if (schedule.length === 0) return { kind: "give_up", reason: "permanent" };
  if (attempt.retryCount >= attempt.maxRetries) return { kind: "give_up", reason: "attempts" };
  const seconds = schedule[Math.min(attempt.retryCount, schedule.length - 1)] ?? 0;
  const baseMs = Math.max(seconds * 1000, attempt.retryAfterMs ?? 0);
  const delayMs = Math.round(baseMs * (1 + maxJitter * random));
  if (attempt.ageMs + delayMs > attempt.maxAgeMs) return { kind: "give_up", reason: "age" };
  return { kind: "retry", delayMs };
}

export type RetryRatioSettings = {
  /** Share of claims taken from the retry list while it is short, 0–1. */
  normal: number;
  /** Retry depth above which the share falls to 20 %. */
  warningDepth: number;
  /** Retry depth above which it falls to 10 %. */
  criticalDepth: number;
};

export const defaultRetryRatio: RetryRatioSettings = { normal: 0.3, warningDepth: 1000, criticalDepth: 5000 };

/** The adaptive share of claims that go to retries: a flood of retries must not starve new work. */
export function retryRatio(retryDepth: number, settings: RetryRatioSettings = defaultRetryRatio): number {
  if (retryDepth > settings.criticalDepth) return Math.min(settings.normal, 0.1);
  if (retryDepth > settings.warningDepth) return Math.min(settings.normal, 0.2);
  return settings.normal;
}

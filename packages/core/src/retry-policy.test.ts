import { describe, expect, it } from "vitest";
import { decideRetry, type FailedAttempt, retryRatio, retrySchedules } from "./retry-policy.ts";

const attempt: FailedAttempt = {
  errorType: "ServiceUnavailable",
  retryCount: 0,
  maxRetries: 3,
  ageMs: 0,
  maxAgeMs: 7_200_000,
};

describe("decideRetry", () => {
  it.each([
    [0, 5_000],
    [1, 10_000],
    [4, 120_000],
    [9, 120_000],
  ])("waits by the schedule after %i retries", (retryCount, delayMs) => {
    expect(decideRetry({ ...attempt, retryCount, maxRetries: 20 }, retrySchedules, 0)).toEqual({
      kind: "retry",
      delayMs,
    });
  });

  it("adds at most a tenth of jitter", () => {
    expect(decideRetry(attempt, retrySchedules, 0.999)).toEqual({ kind: "retry", delayMs: 5_500 });
  });

  it("waits as long as the service asked for, when that is longer", () => {
    expect(decideRetry({ ...attempt, retryAfterMs: 60_000 }, retrySchedules, 0)).toEqual({
      kind: "retry",
      delayMs: 60_000,
    });
  });

  it("gives up when the attempts are used up", () => {
    expect(decideRetry({ ...attempt, retryCount: 3 })).toEqual({ kind: "give_up", reason: "attempts" });
  });

  it("gives up when the retry would come after the task's age limit", () => {
    const old = { ...attempt, ageMs: attempt.maxAgeMs - 1_000 };
    expect(decideRetry(old, retrySchedules, 0)).toEqual({ kind: "give_up", reason: "age" });
  });

  it.each(["PermanentError", "DependencyError", "ValidationError"] as const)(
    "never retries %s",
    (errorType) => {
      expect(decideRetry({ ...attempt, errorType })).toEqual({ kind: "give_up", reason: "permanent" });
    },
  );
});

describe("retryRatio", () => {
  it.each([
    [0, 0.3],
    [1_000, 0.3],
    [1_001, 0.2],
    [5_000, 0.2],
    [5_001, 0.1],
  ])("at a retry depth of %i is %f", (depth, ratio) => {
    expect(retryRatio(depth)).toBe(ratio);
  });

  it("never exceeds what was configured", () => {
    expect(retryRatio(2_000, { normal: 0.05, warningDepth: 1_000, criticalDepth: 5_000 })).toBe(0.05);
  });
});

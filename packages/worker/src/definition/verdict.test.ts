import type { ErrorType } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { cancel, permanent, snooze, taskError, verdictOf } from "./verdict.ts";

describe("verdicts", () => {
  it("carry what should happen, and are errors with a stack and a cause", () => {
    const cause = new Error("402");
    const error = taskError("InsufficientCredits", "No credits are left.", { retryAfterMs: 500, cause });
    expect(verdictOf(error)).toEqual({ kind: "fail", errorType: "InsufficientCredits", retryAfterMs: 500 });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ message: "No credits are left.", cause });
    expect(error.stack).toContain("verdict.test.ts");
  });

  it("say permanent, snooze and cancel", () => {
    expect(verdictOf(permanent("No such language."))).toMatchObject({
      kind: "fail",
      errorType: "PermanentError",
    });
    expect(verdictOf(snooze(1500.4))).toEqual({ kind: "snooze", delayMs: 1500 });
    expect(verdictOf(cancel("Not needed any more."))).toEqual({ kind: "cancel" });
  });

  it("are known by their brand, whoever made them", () => {
    const foreign = { [Symbol.for("workstream.verdict")]: { kind: "cancel" } };
    expect(verdictOf(foreign)).toEqual({ kind: "cancel" });
  });

  it.each([null, undefined, "snooze", 3, {}, new Error("x")])("take %s for none", (value) => {
    expect(verdictOf(value)).toBeNull();
  });

  it("refuse an error type that there is not", () => {
    expect(() => taskError("MyError" as ErrorType, "x")).toThrow(
      /no error type "MyError"; there are .*Default/,
    );
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuse a wait of %d ms", (ms) => {
    expect(() => snooze(ms)).toThrow(RangeError);
    expect(() => taskError("Default", "x", { retryAfterMs: ms })).toThrow(RangeError);
  });
});

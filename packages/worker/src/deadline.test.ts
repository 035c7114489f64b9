import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { endsWithin, withDeadline } from "./deadline.ts";

const never = new Promise<never>(() => {});

describe("withDeadline", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("answers what the call answers, and keeps no timer", async () => {
    await expect(withDeadline(Promise.resolve(7), 1000, "claim")).resolves.toBe(7);
    await expect(withDeadline(Promise.reject(new Error("no")), 1000, "claim")).rejects.toThrow("no");
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("says that the outcome is unknown when no answer comes", async () => {
    const call = expect(withDeadline(never, 1000, "claim")).rejects.toMatchObject({
      code: "outcome_unknown",
      details: { call: "claim", timeoutMs: 1000 },
    });
    await vi.advanceTimersByTimeAsync(1000);
    await call;
  });

  it("endsWithin tells whether work ended well in time", async () => {
    expect(await endsWithin(Promise.resolve(), 1000)).toBe(true);
    expect(await endsWithin(Promise.reject(new Error("no")), 1000)).toBe(false);
    const late = endsWithin(never, 1000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await late).toBe(false);
  });
});

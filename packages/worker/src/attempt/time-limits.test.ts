import type { ClaimedTask } from "@workstream/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { systemClock } from "../clock.ts";
import { defineTask } from "../definition/define-task.ts";
import { Attempt } from "./attempt.ts";
import { TimeLimits } from "./time-limits.ts";

const definition = defineTask({ type: "echo", input: z.string(), output: z.string(), run: (input) => input });

function setUp() {
  const attempts = new Set<Attempt>();
  const passed: number[] = [];
  const limits = new TimeLimits({
    attempts,
    clock: systemClock,
    onPassed(attempt) {
      passed.push(attempt.limitMs);
      attempts.delete(attempt);
    },
  });
  const begin = (timeoutMs: number) => {
    const attempt = new Attempt({ timeoutMs } as ClaimedTask, definition, performance.now());
    attempts.add(attempt);
    limits.watch(attempt);
    return attempt;
  };
  return { limits, passed, begin };
}

describe("TimeLimits", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("tells of each attempt that passes its deadline, in their order", () => {
    const { passed, begin } = setUp();
    begin(3000);
    begin(1000);
    begin(2000);
    vi.advanceTimersByTime(999);
    expect(passed).toEqual([]);
    vi.advanceTimersByTime(2);
    expect(passed).toEqual([1000]);
    vi.advanceTimersByTime(2000);
    expect(passed).toEqual([1000, 2000, 3000]);
  });

  it("keeps one timer, however many attempts there are", () => {
    const { begin } = setUp();
    for (let count = 0; count < 50; count += 1) begin(60_000 + count);
    expect(vi.getTimerCount()).toBe(1);
  });

  it("leaves attempts alone that are over", () => {
    const { passed, begin } = setUp();
    begin(1000).isOver = true;
    begin(2000);
    vi.advanceTimersByTime(3000);
    expect(passed).toEqual([2000]);
  });

  it("follows a deadline that moved", () => {
    const { limits, passed, begin } = setUp();
    const attempt = begin(60_000);
    attempt.deadlineAt = performance.now() + 500;
    limits.watch(attempt);
    vi.advanceTimersByTime(501);
    expect(passed).toEqual([60_000]);
  });

  it("stands limits longer than a timer can be", () => {
    const { passed, begin } = setUp();
    begin(2 ** 31 + 1000);
    vi.advanceTimersByTime(2 ** 31);
    expect(passed).toEqual([]);
    vi.advanceTimersByTime(1001);
    expect(passed).toEqual([2 ** 31 + 1000]);
  });

  it("keeps no timer when nothing runs or it was stopped", () => {
    const { limits, passed, begin } = setUp();
    begin(1000);
    vi.advanceTimersByTime(1001);
    expect(vi.getTimerCount()).toBe(0);
    begin(1000);
    limits.stop();
    vi.advanceTimersByTime(5000);
    expect(passed).toEqual([1000]);
  });
});

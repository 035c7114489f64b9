import { describe, expect, it } from "vitest";
import { backoffMs, jittered } from "./backoff.ts";

const backoff = { firstMs: 100, capMs: 5000 };

describe("backoffMs", () => {
  it.each([
    [1, 100],
    [2, 200],
    [5, 1600],
    [7, 5000],
    [10_000, 5000],
  ])("waits after %d failures half to all of %d ms", (failures, fullMs) => {
    expect(backoffMs(backoff, failures, 0)).toBe(fullMs / 2);
    expect(backoffMs(backoff, failures, 0.999999)).toBeCloseTo(fullMs, 0);
  });
});

it("jittered stays within its share", () => {
  expect(jittered(1000, 0.2, 0)).toBe(800);
  expect(jittered(1000, 0.2, 0.5)).toBe(1000);
  expect(jittered(1000, 0.2, 0.999999)).toBeCloseTo(1200, 0);
});

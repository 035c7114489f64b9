import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { recentValue } from "./recent-value.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("reads again only when what it knows is old", async () => {
  let reads = 0;
  const value = recentValue(async () => ++reads, 5_000);
  expect(await Promise.all([value(), value()])).toEqual([1, 1]);
  vi.advanceTimersByTime(4_999);
  expect(await value()).toBe(1);
  vi.advanceTimersByTime(1);
  expect(await value()).toBe(2);
});

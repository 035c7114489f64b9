import { expect, it } from "vitest";
import { percentile, spread } from "./spread.ts";

it("says the median and the range, in the order of the runs", () => {
  expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, runs: [3, 1, 2] });
});

it("rounds to whole numbers or three digits", () => {
  expect(spread([1234.56, 0.123456, 12.3456]).runs).toEqual([1235, 0.123, 12.3]);
});

it("has a percentile that so many of them do not exceed", () => {
  const figures = Array.from({ length: 300 }, (_, n) => 300 - n);
  expect([0, 0.5, 0.99, 1].map((share) => percentile(figures, share))).toEqual([1, 150, 297, 300]);
});

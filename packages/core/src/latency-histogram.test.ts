import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketMs, latencyBucket, quantile } from "./latency-histogram.ts";

describe("the latency histogram", () => {
  it("places a duration within 5 % of its bucket's middle", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), (ms) => {
        expect(Math.abs(bucketMs(latencyBucket(ms)) / ms - 1)).toBeLessThan(0.05);
      }),
    );
  });

  it("finds quantiles within 9 % of the exact ones", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1 }), (durations) => {
        const histogram = new Map<number, number>();
        for (const ms of durations)
          histogram.set(latencyBucket(ms), (histogram.get(latencyBucket(ms)) ?? 0) + 1);
        const exact = [...durations].sort((a, b) => a - b)[Math.ceil(durations.length * 0.95) - 1]!;
        expect(Math.abs(quantile(histogram, 0.95) / exact - 1)).toBeLessThan(0.09);
      }),
    );
  });

  it("is 0 when empty", () => {
    expect(quantile(new Map(), 0.5)).toBe(0);
  });
});

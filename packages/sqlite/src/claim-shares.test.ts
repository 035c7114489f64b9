import { defaultRetryRatio } from "@workstream/core";
import { expect, it } from "vitest";
import { type LaneDepths, shareClaims } from "./claim-shares.ts";

const noTasks: LaneDepths = { high: 0, normal: 0, low: 0, retry: 0 };

function share(count: number, depths: Partial<LaneDepths>, carries = { retry: 0, lane: 0 }) {
  const takes = shareClaims(count, { ...noTasks, ...depths }, { carries, settings: defaultRetryRatio });
  return takes.map((take) => `${take.count} ${take.place}`).join(", ");
}

it.each([
  [10, { normal: 100 }, "10 normal"],
  [10, { retry: 100 }, "10 retry"],
  [10, { normal: 100, retry: 100 }, "7 normal, 3 retry"],
  [10, { normal: 100, retry: 2_000 }, "8 normal, 2 retry"],
  [10, { normal: 100, retry: 6_000 }, "9 normal, 1 retry"],
  [10, { normal: 2, retry: 100 }, "2 normal, 8 retry"],
  [10, { normal: 100, retry: 1 }, "9 normal, 1 retry"],
  [10, { high: 100, normal: 100 }, "9 high, 1 normal"],
  [10, { high: 4, normal: 100, low: 100 }, "4 high, 5 normal, 1 low"],
  [10, { high: 1, low: 3 }, "1 high, 3 low"],
  [10, { high: 100, normal: 100, low: 100, retry: 100 }, "7 high, 3 retry"],
  [10, {}, ""],
] as const)("shares %i among %o as %s", (count, depths, expected) => {
  expect(share(count, depths)).toBe(expected);
});

it("carries what a share has left over, and only where it took one", () => {
  const carries = { retry: 0, lane: 0 };
  const taken = Array.from({ length: 10 }, () => share(1, { normal: 50, retry: 50 }, carries));
  expect(taken.filter((take) => take === "1 retry")).toHaveLength(3);
  expect(carries).toEqual({ retry: 0, lane: 0 });
  share(3, { normal: 50, retry: 50 }, carries);
  expect(carries).toEqual({ retry: 900, lane: 0 });
  share(3, { normal: 50 }, carries);
  share(3, { retry: 50 }, carries);
  expect(carries).toEqual({ retry: 900, lane: 0 });
});

it("never takes more than was asked or than is there", () => {
  for (let count = 1; count < 30; count++) {
    for (let bits = 0; bits < 256; bits++) {
      const depths = { high: bits & 3, normal: (bits >> 2) & 3, low: (bits >> 4) & 3, retry: bits >> 6 };
      const carries = { retry: (count * 137) % 1000, lane: (bits * 91) % 1000 };
      const takes = shareClaims(count, depths, { carries, settings: defaultRetryRatio });
      const total = takes.reduce((sum, take) => sum + take.count, 0);
      const waiting = depths.high + depths.normal + depths.low + depths.retry;
      expect(total).toBe(Math.min(count, waiting));
      for (const take of takes) expect(take.count).toBeLessThanOrEqual(depths[take.place]);
    }
  }
});

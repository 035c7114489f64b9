import { describe, expect, it } from "vitest";
import { backoffMs, defaultBackoff } from "./backoff.ts";

function longest(failures: number, floorMs = 0): number {
  return backoffMs(failures, { ...defaultBackoff, floorMs, random: () => 1 });
}

describe("the wait before an attempt", () => {
  it("has a ceiling that doubles from half a second to 15 s", () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((failures) => longest(failures))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
    ]);
    expect(longest(100_000)).toBe(15_000);
  });

  it("is drawn from the whole of it", () => {
    const waits = [0, 0.25, 0.5].map((drawn) =>
      backoffMs(3, { ...defaultBackoff, floorMs: 0, random: () => drawn }),
    );
    expect(waits).toEqual([0, 500, 1_000]);
  });

  it("comes on top of what the server asked for", () => {
    expect(backoffMs(2, { ...defaultBackoff, floorMs: 20_000, random: () => 0 })).toBe(20_000);
    expect(longest(2, 20_000)).toBe(21_000);
  });
});

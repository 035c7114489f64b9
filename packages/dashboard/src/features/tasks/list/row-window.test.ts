import { describe, expect, it } from "vitest";
import { isNearEnd, maxCanvasPx, windowAround } from "./row-window.ts";

const million = 1_000_000;

describe("windowAround", () => {
  it("covers all rows where they fit", () => {
    expect(windowAround(500, 3_412, 37)).toEqual({ base: 0, size: 3_412 });
  });

  it.each([0, 400_000, 999_999])("keeps row %d of a million inside, below the browser's limit", (row) => {
    const { base, size } = windowAround(row, million, 37);
    expect(row).toBeGreaterThanOrEqual(base);
    expect(row).toBeLessThan(base + size);
    expect(base + size).toBeLessThanOrEqual(million);
    expect(size * 37).toBeLessThanOrEqual(maxCanvasPx);
  });
});

describe("isNearEnd", () => {
  const window = windowAround(500_000, million, 37);

  it("is so at both ends in the middle of a list, and not between", () => {
    expect(isNearEnd(window.base + 10, window, million)).toBe(true);
    expect(isNearEnd(window.base + window.size - 10, window, million)).toBe(true);
    expect(isNearEnd(500_000, window, million)).toBe(false);
  });

  it("is not so where the list itself ends", () => {
    expect(isNearEnd(0, windowAround(0, million, 37), million)).toBe(false);
    expect(isNearEnd(999_999, windowAround(999_999, million, 37), million)).toBe(false);
    expect(isNearEnd(10, windowAround(0, 100, 37), 100)).toBe(false);
  });
});

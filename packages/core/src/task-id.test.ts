import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mintTaskId, timeOfTaskId, timeRangeOfIdPrefix } from "./task-id.ts";

const instant = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe("task ids", () => {
  it("carry their time and the marks of a v7 UUID", () => {
    fc.assert(
      fc.property(instant, (atMs) => {
        const id = mintTaskId(atMs);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(timeOfTaskId(id)).toBe(atMs);
      }),
    );
  });

  it("sort in minting order within a millisecond", () => {
    const ids = Array.from({ length: 1_000 }, () => mintTaskId(1_767_225_600_000));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("differ in their random part, however many are minted", () => {
    const tails = Array.from({ length: 1_000 }, () => mintTaskId(0).slice(19));
    expect(new Set(tails).size).toBe(tails.length);
  });

  it("are not read from other strings", () => {
    for (const other of ["", "nonsense", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"]) {
      expect(timeOfTaskId(other)).toBeNull();
    }
  });

  it("lie in the time range of each of their prefixes", () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 36 }), (atMs, length) => {
        const range = timeRangeOfIdPrefix(mintTaskId(atMs).slice(0, length));
        expect(range).not.toBeNull();
        expect(range!.fromMs).toBeLessThanOrEqual(atMs);
        expect(range!.toMs).toBeGreaterThanOrEqual(atMs);
      }),
    );
  });

  it("have no range for what can't begin an id", () => {
    expect(timeRangeOfIdPrefix("xyz")).toBeNull();
    expect(timeRangeOfIdPrefix("")).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import {
  addressOf,
  beginTrail,
  emptyTail,
  extendTrail,
  type PageFacts,
  placeOf,
  rowCount,
} from "./list-trail.ts";

const facts = (length: number, rest: Partial<PageFacts> = {}): PageFacts => ({
  length,
  total_items: 3412,
  total_is_estimate: false,
  next_cursor: null,
  ...rest,
});

describe("an exact list", () => {
  const trail = beginTrail(facts(100), "2026-01-01T00:00:00.000Z");

  it("has a row for every task, and finds its page", () => {
    expect(rowCount(trail)).toBe(3412);
    expect(placeOf(trail, 0)).toEqual({ page: 0, index: 0 });
    expect(placeOf(trail, 3411)).toEqual({ page: 34, index: 11 });
  });

  it("asks for pages by number, and by cursor where the one before was read", () => {
    expect(addressOf(trail, 7)).toEqual({ page: 8 });
    const longer = extendTrail(trail, 6, facts(100, { next_cursor: "c7" }));
    expect(addressOf(longer, 7)).toEqual({ cursor: "c7" });
    expect(addressOf(longer, 8)).toEqual({ page: 9 });
  });

  it("keeps its number of rows when tasks come or go", () => {
    expect(rowCount(extendTrail(trail, 0, facts(100, { total_items: 9000 })))).toBe(3412);
  });
});

describe("a walked list", () => {
  const walked = (length: number, next: string | null, total: number) =>
    facts(length, { next_cursor: next, total_items: total, total_is_estimate: next !== null });
  const begun = beginTrail(walked(30, "c1", 30), null);

  it("has one row more than it knows, until it was read to its end", () => {
    expect(rowCount(begun)).toBe(31);
    const longer = extendTrail(begun, 1, walked(0, "c2", 30));
    expect(rowCount(longer)).toBe(31);
    const whole = extendTrail(longer, 2, walked(5, null, 35));
    expect(rowCount(whole)).toBe(35);
    expect(whole.total).toBe(35);
  });

  it("finds rows on pages of any length", () => {
    const longer = extendTrail(extendTrail(begun, 1, walked(0, "c2", 30)), 2, walked(5, "c3", 35));
    expect(placeOf(longer, 29)).toEqual({ page: 0, index: 29 });
    expect(placeOf(longer, 30)).toEqual({ page: 2, index: 0 });
    expect(placeOf(longer, 35)).toEqual({ page: 3, index: 0 });
  });

  it("counts the pages in vain at its end", () => {
    expect(emptyTail(begun)).toBe(0);
    const vain = extendTrail(extendTrail(begun, 1, walked(0, "c2", 30)), 2, walked(0, "c3", 30));
    expect(emptyTail(vain)).toBe(2);
    expect(emptyTail(extendTrail(vain, 3, walked(4, "c4", 34)))).toBe(0);
    expect(emptyTail(beginTrail(walked(0, "c1", 0), null))).toBe(1);
  });

  it("asks for a page only when it knows where that begins", () => {
    expect(addressOf(begun, 1)).toEqual({ cursor: "c1" });
    expect(addressOf(begun, 2)).toBeNull();
  });

  it("is not extended by a page that it knows already", () => {
    const longer = extendTrail(begun, 1, walked(10, "c2", 40));
    expect(rowCount(extendTrail(longer, 1, walked(3, "c2", 40)))).toBe(rowCount(longer));
  });
});

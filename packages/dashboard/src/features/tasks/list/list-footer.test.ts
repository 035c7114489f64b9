import { describe, expect, it } from "vitest";
import { sightText } from "./list-footer.tsx";
import type { ListTrail } from "./list-trail.ts";

const exact: ListTrail = {
  isExact: true,
  total: 3412,
  isWhole: false,
  anchor: null,
  starts: [0, 100],
  cursors: {},
};
const walked: ListTrail = { ...exact, isExact: false, total: 140 };

describe("sightText", () => {
  it.each([
    [exact, { first: 10, last: 19 }, "11–20 of 3,412"],
    [exact, { first: 3400, last: 3500 }, "3,401–3,412 of 3,412"],
    [walked, { first: 90, last: 100 }, "91–100 of at least 140"],
    [{ ...walked, isWhole: true, total: 100 }, { first: 90, last: 99 }, "91–100 of 100"],
    [{ ...walked, starts: [0, 0] }, { first: 0, last: 0 }, "Looking…"],
  ])("says what is in view", (trail, sight, text) => {
    expect(sightText(trail, sight)).toBe(text);
  });
});

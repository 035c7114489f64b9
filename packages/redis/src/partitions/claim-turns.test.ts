import { describe, expect, it } from "vitest";
import { ClaimTurns } from "./claim-turns.ts";

function turnsAt(count: number) {
  const clock = { nowMs: 1_000 };
  return { clock, turns: new ClaimTurns(count, () => clock.nowMs) };
}

describe("the turns of claims", () => {
  it("serves all that have work alike", () => {
    const { turns } = turnsAt(3);
    const given = [0, 0, 0];
    for (let claim = 0; claim < 30; claim++) {
      const [first = 0] = turns.order([], 10);
      turns.note(first, 10, 10);
      given[first] = (given[first] ?? 0) + 10;
    }
    expect(given).toEqual([100, 100, 100]);
  });

  it("asks the one that settles anyway, as long as it is not far ahead", () => {
    const { turns } = turnsAt(2);
    const given = [0, 0];
    for (let claim = 0; claim < 20; claim++) {
      const [first = 0] = turns.order([0], 10);
      turns.note(first, 10, 10);
      given[first] = (given[first] ?? 0) + 10;
    }
    expect(turns.order([1], 10)[0]).toBe(1);
    expect(Math.abs((given[0] ?? 0) - (given[1] ?? 0))).toBeLessThanOrEqual(20);
  });

  it("leaves an empty one for last, for a moment or until work is expected there", () => {
    const { clock, turns } = turnsAt(2);
    turns.note(0, 10, 0);
    turns.note(1, 10, 10);
    expect(turns.order([], 10)).toEqual([1, 0]);
    turns.expectWork(0);
    expect(turns.order([], 10)).toEqual([0, 1]);
    turns.note(0, 10, 0);
    clock.nowMs += 60;
    expect(turns.isEmpty(0)).toBe(false);
  });

  it("does not let one make up for the time without work", () => {
    const { clock, turns } = turnsAt(2);
    turns.note(1, 10, 0);
    for (let claim = 0; claim < 100; claim++) turns.note(0, 10, 10);
    clock.nowMs += 60;
    turns.note(1, 10, 10);
    const firsts = Array.from({ length: 10 }, () => {
      const [first = 0] = turns.order([], 10);
      turns.note(first, 10, 10);
      return first;
    });
    const zeros = firsts.filter((index) => index === 0).length;
    expect(zeros).toBeGreaterThanOrEqual(4);
    expect(zeros).toBeLessThanOrEqual(6);
  });
});

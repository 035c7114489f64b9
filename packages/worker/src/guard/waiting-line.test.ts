import { describe, expect, it } from "vitest";
import type { TurnPlace } from "./turn-place.ts";
import { type Waiting, WaitingLine } from "./waiting-line.ts";

function place(dueAt: number, facts: Partial<TurnPlace> = {}): TurnPlace {
  return { turn: `due-${dueAt}`, number: dueAt, cost: 1, tokens: 0, dueAt, isGranted: false, ...facts };
}

function lineOf(...places: TurnPlace[]) {
  const line = new WaitingLine<Waiting>();
  const waiters = places.map((each) => ({ place: each, isConfirming: false }));
  for (const waiter of waiters) line.add(waiter);
  return { line, waiters, dues: () => waiters.map((waiter) => waiter.place.dueAt) };
}

describe("WaitingLine", () => {
  it("moves those behind a free place up, and answers the last one", () => {
    const { line, dues } = lineOf(place(10), place(30), place(40));
    expect(line.moveUp(place(20)).dueAt).toBe(40);
    expect(dues()).toEqual([10, 20, 30]);
  });

  it("leaves the places of those who would lose by it", () => {
    const { line, dues } = lineOf(place(10), place(20));
    expect(line.moveUp(place(50)).dueAt).toBe(50);
    expect(dues()).toEqual([10, 20]);
  });

  it("gives a place to nobody whom it does not cover", () => {
    const { line, dues } = lineOf(
      place(20, { cost: 5 }),
      place(30, { tokens: 900 }),
      place(40, { tokens: 10 }),
    );
    expect(line.moveUp(place(10, { tokens: 100 })).dueAt).toBe(40);
    expect(dues()).toEqual([20, 30, 10]);
  });

  it("leaves those alone about whom the store is being asked", () => {
    const { line, waiters, dues } = lineOf(place(20), place(30));
    if (waiters[0]) waiters[0].isConfirming = true;
    expect(line.firstFor(place(10))).toBe(waiters[1]);
    expect(line.moveUp(place(10)).dueAt).toBe(30);
    expect(dues()).toEqual([20, 10]);
    expect(line.nextDueAt()).toBe(10);
  });

  it("groups those who are due soon after the next one", () => {
    const { line } = lineOf(place(30), place(12), place(16), place(10));
    expect(line.groupDueAt(5)).toBe(12);
    expect(line.groupDueAt(6)).toBe(16);
    expect(new WaitingLine().groupDueAt(5)).toBe(Number.POSITIVE_INFINITY);
  });
});

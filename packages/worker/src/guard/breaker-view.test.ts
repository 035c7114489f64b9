import type { BreakerState } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { BreakerView } from "./breaker-view.ts";

const closedAs = (version: number, failures = 0): BreakerState => {
  return { state: "CLOSED", version, failures, successes: 0, closedAt: null };
};
const openAs = (version: number, retryAt: number | null): BreakerState => {
  return { state: "OPEN", version, failures: 9, successes: 1, openedAt: 1000, retryAt };
};
const change = { type: "circuit_breaker_changed", service: "model", oldState: "CLOSED", at: 7 } as const;

describe("BreakerView", () => {
  it("takes newer counts of the same version, and nothing of an older one", () => {
    const view = new BreakerView();
    view.note(closedAs(3, 1));
    view.note(closedAs(3, 2));
    expect(view.state).toEqual(closedAs(3, 2));
    view.note(openAs(2, 5000));
    view.noteChange({ ...change, newState: "OPEN", version: 3, retryAt: 5000 });
    expect(view.state).toEqual(closedAs(3, 2));
  });

  it("takes a change that was pushed", () => {
    const view = new BreakerView();
    view.note(closedAs(3));
    view.noteChange({ ...change, newState: "OPEN", version: 4, retryAt: 5000 });
    expect(view.state).toMatchObject({ state: "OPEN", version: 4, openedAt: 7, retryAt: 5000 });
    view.noteChange({ ...change, newState: "HALF_OPEN", version: 5, retryAt: null });
    expect(view.state).toMatchObject({ state: "HALF_OPEN", version: 5 });
    view.noteChange({ ...change, newState: "CLOSED", version: 6, retryAt: null });
    expect(view.state).toEqual({ ...closedAs(6), closedAt: 7 });
  });

  it("is open until it may be tried again, or until it is reset", () => {
    const view = new BreakerView();
    expect(view.isOpenAt(1000)).toBe(false);
    view.note(openAs(1, 5000));
    expect([4999, 5000].map((now) => view.isOpenAt(now))).toEqual([true, false]);
    view.note(openAs(2, null));
    expect(view.isOpenAt(Number.MAX_SAFE_INTEGER)).toBe(true);
    view.note(closedAs(3));
    expect(view.isOpenAt(1000)).toBe(false);
  });

  it("takes a lower version from a store that was asked after it: that one has forgotten", () => {
    const clock = { now: 1000, nowMs: () => clock.now };
    const view = new BreakerView(clock);
    view.note(openAs(9, null));
    clock.now = 2000;
    view.note(openAs(9, 5000));
    view.note(closedAs(0), 1000);
    expect(view.state).toEqual(openAs(9, 5000));
    view.note(closedAs(0), 1001);
    expect(view.state).toEqual(closedAs(0));
    view.noteChange({ ...change, newState: "OPEN", version: 1, retryAt: 5000 });
    view.note(closedAs(0), 2000);
    expect(view.state).toMatchObject({ state: "OPEN", version: 1 });
  });

  it("takes whatever comes once it has forgotten", () => {
    const view = new BreakerView();
    view.note(openAs(9, null));
    view.forget();
    view.note(closedAs(1));
    expect(view.state).toEqual(closedAs(1));
  });
});

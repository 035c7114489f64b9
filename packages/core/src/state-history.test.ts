import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inStateSince, packHistory, stateHistory, unpackHistory } from "./state-history.ts";
import { taskStates } from "./task-state.ts";

const entry = fc.record({ state: fc.constantFrom(...taskStates), at: fc.nat({ max: 2 ** 45 }) });

describe("state history", () => {
  it("survives packing", () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        expect(unpackHistory(packHistory(entries))).toEqual(entries);
      }),
    );
  });

  it("is derived from the instants on the common path", () => {
    const facts = { state: "COMPLETED", packed: null, createdAt: 1, startedAt: 2, completedAt: 3 } as const;
    expect(stateHistory(facts).map(({ state, at }) => `${state}@${at}`)).toEqual([
      "PENDING@1",
      "ACTIVE@2",
      "COMPLETED@3",
    ]);
  });

  it("adds the running attempt to what was packed", () => {
    const packed = "P1A2F3S3P8";
    const states = stateHistory({ state: "ACTIVE", packed, createdAt: 1, startedAt: 9, completedAt: null });
    expect(states.at(-1)).toEqual({ state: "ACTIVE", at: 9 });
    expect(states).toHaveLength(6);
  });

  it("adds nothing to a task that rests", () => {
    const packed = "P1A2F3D3";
    const states = stateHistory({ state: "DLQ", packed, createdAt: 1, startedAt: 2, completedAt: 3 });
    expect(states.map(({ state }) => state)).toEqual(["PENDING", "ACTIVE", "FAILED", "DLQ"]);
  });
});

describe("inStateSince", () => {
  it.each([
    ["the last entry of the history", "P100A150P300", 200, 300],
    ["the last change where there is none", null, 200, 200],
    ["the last change where it can't be read", "nonsense", 200, 200],
  ])("is %s", (_what, packed, changedAt, since) => {
    expect(inStateSince(packed, changedAt)).toBe(since);
  });
});

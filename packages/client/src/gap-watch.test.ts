import { describe, expect, it } from "vitest";
import { createGapWatch } from "./gap-watch.ts";

type Told = [type: string, id: string | null];

function gaps(told: readonly Told[], lastEventId: string | null = null): boolean[] {
  const isAfterGap = createGapWatch(lastEventId);
  return told.map(([type, id]) => isAfterGap({ type }, id));
}

describe("a gap", () => {
  it("is not in numbers that grow by one, nor in a first event under the number of the last", () => {
    expect(
      gaps([
        ["initial_status", "a-7"],
        ["queue_update", "a-8"],
        ["heartbeat", "a-9"],
      ]),
    ).toEqual([false, false, false]);
  });

  it("is where the numbers jump, once", () => {
    expect(
      gaps([
        ["initial_status", "a-7"],
        ["queue_update", "a-9"],
        ["queue_update", "a-10"],
      ]),
    ).toEqual([false, true, false]);
  });

  it("is where another gateway answers", () => {
    expect(gaps([["queue_update", "b-8"]], "a-7")).toEqual([true]);
    expect(gaps([["queue_update", "a-8"]], "a-7")).toEqual([false]);
  });

  it("is where the stream starts over, also under the number that was due", () => {
    expect(
      gaps([
        ["initial_status", "a-7"],
        ["initial_status", "a-8"],
      ]),
    ).toEqual([false, true]);
    expect(gaps([["initial_status", "a-8"]], "a-7")).toEqual([true]);
  });

  it("is told when the store is back, not when it is lost", () => {
    expect(
      gaps([
        ["initial_status", "a-7"],
        ["error", "a-9"],
        ["heartbeat", "a-10"],
        ["initial_status", "a-11"],
      ]),
    ).toEqual([false, false, false, true]);
  });

  it("is not where a stream begins without a store", () => {
    expect(
      gaps([
        ["error", "a-0"],
        ["initial_status", "a-2"],
      ]),
    ).toEqual([false, false]);
  });

  it("needs ids that it can read", () => {
    expect(
      gaps([
        ["initial_status", null],
        ["queue_update", "nonsense"],
        ["queue_update", "a-3"],
        ["queue_update", "nonsense"],
        ["queue_update", "a-4"],
      ]),
    ).toEqual([false, false, false, false, false]);
  });
});

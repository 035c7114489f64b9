import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LimitWatch } from "./limit-watch.ts";

const limit = { requests: 5, intervalMs: 1_000, enforces: false };

function watch(instants: readonly number[], changes: Partial<typeof limit> = {}) {
  const watched = new LimitWatch({ ...limit, ...changes });
  const within = instants.map((instant) => watched.take(instant));
  return { within, report: watched.report() };
}

/** By definition: the most by which a window that begins and ends with a call exceeds capacity + rate × its length. */
function worstExcess(instants: readonly number[]): number {
  const excesses = instants.flatMap((start, first) =>
    instants.slice(first).map((end, further) => further + 1 - 5 - ((end - start) * 5) / 1_000),
  );
  return Math.max(0, ...excesses);
}

describe("LimitWatch", () => {
  it("lets a full bucket through at once, and then one by one", () => {
    const { within, report } = watch([0, 0, 0, 0, 0, 200, 300, 400]);
    expect(within).toEqual([true, true, true, true, true, true, false, false]);
    expect(report).toMatchObject({ exceededBy: 2 });
  });

  it("reports the largest excess of any window", () => {
    const instants = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 });
    fc.assert(
      fc.property(instants, (gaps) => {
        let now = 0;
        const times = gaps.map((gap) => (now += gap));
        expect(watch(times).report.worstExcess).toBeCloseTo(worstExcess(times), 6);
      }),
    );
  });

  it("counts refused calls for nothing", () => {
    const { report } = watch(
      Array.from({ length: 50 }, () => 0),
      { enforces: true },
    );
    expect(report).toMatchObject({ exceededBy: 45, worstExcess: 0 });
  });
});

import { describe, expect, it } from "vitest";
import { type ChartSeries, describeSeries, lastWhole, splitAtLast } from "./chart-series.ts";

const line: ChartSeries = { name: "created", tone: "pending", values: [1, 2, 3] };

describe("splitAtLast", () => {
  it("leaves a whole series whole", () => {
    expect(splitAtLast(line, false)).toEqual([
      [1, 2, 3],
      [null, null, null],
    ]);
  });

  it("leads a line to the bucket that is not over", () => {
    expect(splitAtLast(line, true)).toEqual([
      [1, 2, null],
      [null, 2, 3],
    ]);
  });

  it("sets the last bar apart", () => {
    expect(splitAtLast({ ...line, shape: "bars" }, true)).toEqual([
      [1, 2, null],
      [null, null, 3],
    ]);
  });
});

describe("describeSeries", () => {
  it("tells the newest whole value and the span", () => {
    expect(describeSeries(line, lastWhole(line.values, true), String)).toBe("created: 2, between 1 and 3");
  });

  it("tells the span where the newest is unknown", () => {
    expect(describeSeries({ ...line, values: [4, null] }, 1, String)).toBe("created: between 4 and 4");
  });

  it("says when nothing is known", () => {
    expect(describeSeries({ ...line, values: [null] }, 0, String)).toBe("created: nothing known");
  });
});

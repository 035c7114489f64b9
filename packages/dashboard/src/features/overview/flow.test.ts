import { describe, expect, it } from "vitest";
import { backpressureWords } from "./backpressure-words.ts";
import { readEdgeRates, readFlow, secondsToEmpty, sumFlow, type ThroughputMinute } from "./flow.ts";
import { rateText, rateWords, spanWords } from "./flow-words.ts";

const start = Date.parse("2026-01-01T12:00:00.000Z");

function minute(index: number, change: Partial<ThroughputMinute> = {}): ThroughputMinute {
  return {
    timestamp: new Date(start + index * 60_000).toISOString(),
    created_count: 0,
    completed_count: 0,
    failed_count: 0,
    cancelled_count: 0,
    retried_count: 0,
    buried_count: 0,
    promoted_count: 0,
    ...change,
  };
}

describe("readFlow", () => {
  it("is that of the last whole minute and the one that runs", () => {
    const minutes = [
      minute(0, { created_count: 9_000 }),
      minute(1, { created_count: 60, completed_count: 120, failed_count: 6, cancelled_count: 3 }),
      minute(2, { created_count: 30, completed_count: 60, failed_count: 3 }),
    ];
    const flow = readFlow(minutes, start + 150_000);
    expect(flow?.in).toBeCloseTo(1);
    expect(flow?.out).toBeCloseTo(192 / 90);
    expect(flow?.net).toBeCloseTo(1 - 192 / 90);
  });

  it("is that of the only minute there is", () => {
    expect(readFlow([minute(0, { created_count: 10 })], start + 5_000)?.in).toBe(2);
  });

  it("stays finite when the clocks differ", () => {
    expect(readFlow([minute(0, { created_count: 10 })], start - 90_000)?.in).toBe(10);
    expect(readFlow([minute(0, { created_count: 120 })], start + 900_000)?.in).toBe(2);
  });

  it("is not known without a minute", () => {
    expect(readFlow([], start)).toBeNull();
  });
});

describe("readEdgeRates", () => {
  it("tells each failed task once", () => {
    const only = minute(0, { created_count: 60, failed_count: 18, buried_count: 12, retried_count: 6 });
    expect(readEdgeRates([only], start + 60_000)).toMatchObject({
      created: 1,
      attempts: 0.4,
      failed: 0.1,
      buried: 0.2,
      retried: 0.1,
    });
  });

  it("is not known without a minute", () => {
    expect(readEdgeRates([], start)).toBeNull();
  });
});

describe("sumFlow", () => {
  it("counts attempts that failed, and the share that succeeded", () => {
    const totals = sumFlow([
      minute(0, { created_count: 5, completed_count: 3, failed_count: 1, retried_count: 4, buried_count: 1 }),
    ]);
    expect(totals).toEqual({ created: 5, failedAttempts: 5, buried: 1, succeeded: 0.75 });
    expect(sumFlow([minute(0)]).succeeded).toBeNull();
  });
});

describe("words of the flow", () => {
  it.each([
    ["nothing waits", 0, -1],
    ["draining, about 4 minutes left", 480, -2],
    ["growing by 2.5 a second", 10, 2.5],
    ["standing still", 10, 0],
  ])("%s", (words, waiting, net) => {
    expect(backpressureWords({ in: 0, out: 0, net }, waiting)).toBe(words);
  });

  it("knows no end while the backlog does not get less", () => {
    expect(secondsToEmpty(10, { in: 1, out: 1, net: 0 })).toBeNull();
  });

  it.each([
    ["12 a second", 12.4],
    ["2.5 a second", 2.5],
    ["24 a minute", 0.4],
    ["less than one a minute", 0.005],
  ])("%s", (words, rate) => expect(rateWords(rate)).toBe(words));

  it.each([
    ["0/s", 0],
    ["7.1/s", 7.1],
    ["24/min", 0.4],
    ["<1/min", 0.005],
  ])("%s", (text, rate) => expect(rateText(rate)).toBe(text));

  it.each([
    ["less than a minute", 40],
    ["about a minute", 70],
    ["about 3 minutes", 183],
    ["about 2 hours", 7_400],
    ["more than a day", 200_000],
  ])("%s", (words, seconds) => expect(spanWords(seconds)).toBe(words));
});

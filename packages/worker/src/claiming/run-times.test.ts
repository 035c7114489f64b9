import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineService } from "../definition/define-service.ts";
import { defineTask } from "../definition/define-task.ts";
import { leastRuns, RunTimes } from "./run-times.ts";

const text = z.string();
const base = { input: text, output: text, run: (input: string) => input };
const quick = defineTask({ type: "quick", ...base });

function measured(ranMs: number, definition = quick, runs = leastRuns): RunTimes {
  const times = new RunTimes();
  for (let run = 0; run < runs; run += 1) times.note("primary", definition, ranMs);
  return times;
}

describe("RunTimes", () => {
  it("believes a mean after twenty runs", () => {
    expect(measured(1, quick, 19).ahead("primary", 1)).toBe(0);
    expect(measured(1, quick, 20).ahead("primary", 1)).toBe(20);
    expect(measured(1).ahead("other", 1)).toBe(0);
  });

  it("allows tasks worth 20 ms of all slots, and none of tasks that take 2 ms", () => {
    expect(measured(0.5).ahead("primary", 3)).toBe(120);
    expect(measured(2).ahead("primary", 1)).toBe(0);
    expect(measured(0).ahead("primary", 1)).toBe(2000);
  });

  it("allows less and less on the way from 1 ms to 2 ms, so that a small change of the mean is one of what is held", () => {
    const ahead = [1, 1.25, 1.5, 1.75, 1.9, 1.99].map((ms) => measured(ms).ahead("primary", 10));
    expect(ahead).toEqual([200, 120, 66, 28, 10, 1]);
  });

  it("learns from one long run, and unlearns", () => {
    const times = measured(0.1);
    times.note("primary", quick, 100);
    expect(times.ahead("primary", 1)).toBe(0);
    for (let run = 0; run < 60; run += 1) times.note("primary", quick, 0.1);
    expect(times.ahead("primary", 1)).toBeGreaterThan(10);
  });

  it("measures anew when a queue gives a type that it has not given before", () => {
    const times = measured(0.1);
    times.note("primary", defineTask({ type: "new", ...base }), 0.1);
    expect(times.ahead("primary", 1)).toBe(0);
    for (let run = 1; run < leastRuns; run += 1) times.note("primary", quick, 0.1);
    expect(times.ahead("primary", 1)).toBe(200);
  });

  it("measures every queue anew at a restart", () => {
    const times = measured(0.1);
    times.restart();
    expect(times.ahead("primary", 1)).toBe(0);
    for (let run = 0; run < leastRuns; run += 1) times.note("primary", quick, 1);
    expect(times.ahead("primary", 1)).toBe(20);
  });

  it.each([
    ["calls services", { services: [defineService({ name: "shop" })] }],
    ["keeps results", { cache: { ttlMs: 1000 } }],
    ["is bounded", { concurrency: 2 }],
  ])("trusts no type that %s", (_, more) => {
    const type = defineTask({ type: "special", ...base, ...more });
    expect(measured(0.1, type, 100).ahead("primary", 1)).toBe(0);
  });
});

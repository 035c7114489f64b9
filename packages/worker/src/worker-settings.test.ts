import { describe, expect, it } from "vitest";
import { assertSettings, defaultWorkerSettings } from "./worker-settings.ts";

describe("assertSettings", () => {
  it("accepts the defaults", () => {
    expect(() => assertSettings(defaultWorkerSettings)).not.toThrow();
  });

  it.each([
    { concurrency: 0 },
    { concurrency: 1.5 },
    { concurrency: Number.NaN },
    { highPrioritySlots: -1 },
    { highPrioritySlots: 10 },
    { leaseMs: 999 },
    { graceMs: -1 },
    { maxLostWorkers: 0 },
    { maxTaskAgeMs: 0 },
    { queues: ["dlq"] },
  ])("refuses %j, naming the setting", (fault) => {
    const name = Object.keys(fault)[0] ?? "";
    expect(() => assertSettings({ ...defaultWorkerSettings, ...fault })).toThrow(RangeError);
    expect(() => assertSettings({ ...defaultWorkerSettings, ...fault })).toThrow(name);
  });
});

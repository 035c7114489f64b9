import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Logger, silentLogger } from "../logger.ts";
import { ServiceLoop } from "./service-loop.ts";

function setUp({ delayMs = 1000, failures = 0 } = {}) {
  const lines: string[] = [];
  const log = (level: string) => (_: unknown, message: string) => lines.push(`${level}: ${message}`);
  const logger: Logger = { ...silentLogger, warn: log("warn"), info: log("info"), debug: log("debug") };
  let runs = 0;
  const service = {
    name: "counter",
    maxBackoffMs: 4000,
    async runOnce() {
      runs += 1;
      if (runs <= failures) throw new Error("away");
      return runs;
    },
    delayMs: () => delayMs,
  };
  return { loop: new ServiceLoop(service, logger), lines, runs: () => runs };
}

describe("ServiceLoop", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("runs at once, then after each delay, until it is stopped", async () => {
    const { loop, runs } = setUp();
    loop.start();
    await vi.advanceTimersByTimeAsync(2500);
    expect(runs()).toBe(3);
    await loop.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs()).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("can be woken sooner, never later", async () => {
    const { loop, runs } = setUp();
    loop.start();
    await vi.advanceTimersByTimeAsync(10);
    loop.wakeWithin(5000);
    loop.wakeWithin(100);
    await vi.advanceTimersByTimeAsync(99);
    expect(runs()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(runs()).toBe(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(runs()).toBe(3);
    await loop.stop();
  });

  it("backs off while it fails, and says so once", async () => {
    const { loop, lines, runs } = setUp({ failures: 4 });
    loop.start();
    await vi.advanceTimersByTimeAsync(249);
    expect(runs()).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs()).toBeGreaterThan(4);
    expect(lines.filter((line) => line.startsWith("warn"))).toEqual(["warn: service failed"]);
    expect(lines.filter((line) => line.startsWith("info"))).toEqual(["info: service works again"]);
    await loop.stop();
  });
});

import type { LeaseGuard } from "@workstream/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { silentLogger } from "../logger.ts";
import { LeaseGuarding } from "./lease-guarding.ts";
import { ServiceLoop } from "./service-loop.ts";

const settings = { workerId: "w", leaseMs: 6_000, silenceLimitMs: 60_000 };

/** A guard whose start fails so many times, and waits for `until`. */
function setUp({ failures = 0, until = Promise.resolve() } = {}) {
  const counts = { starts: 0, beats: 0, stops: 0 };
  const guard: LeaseGuard = {
    beat() {
      counts.beats += 1;
    },
    async stop() {
      counts.stops += 1;
    },
  };
  const start = async () => {
    counts.starts += 1;
    await until;
    if (counts.starts <= failures) throw new Error("away");
    return guard;
  };
  const guarding = new LeaseGuarding(start, settings);
  return { guarding, loop: new ServiceLoop(guarding, silentLogger), counts };
}

describe("LeaseGuarding", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("tries until a guard has started, and beats it until it is closed", async () => {
    const { guarding, loop, counts } = setUp({ failures: 3 });
    loop.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(counts.starts).toBe(4);
    const { beats } = counts;
    await vi.advanceTimersByTimeAsync(settings.leaseMs);
    expect(counts).toEqual({ starts: 4, beats: beats + 6, stops: 0 });
    await loop.stop();
    await guarding.close();
    expect(counts.stops).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("stops a guard that has started when it is closed already", async () => {
    let begin = () => {};
    const until = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const { guarding, loop, counts } = setUp({ until });
    loop.start();
    const stopped = loop.stop();
    await guarding.close();
    begin();
    await stopped;
    expect(counts).toEqual({ starts: 1, beats: 0, stops: 1 });
    expect(vi.getTimerCount()).toBe(0);
  });
});

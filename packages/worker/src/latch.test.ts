import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Latch } from "./latch.ts";

describe("Latch", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("lets through everyone who waits, and keeps no timer", async () => {
    const latch = new Latch();
    const waits = [latch.wait(1000), latch.wait(2000)];
    latch.open();
    expect(await Promise.all(waits)).toEqual([true, true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("gives up in time, and lets nobody through who comes later", async () => {
    const latch = new Latch();
    latch.open();
    const wait = latch.wait(1000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await wait).toBe(false);
  });
});

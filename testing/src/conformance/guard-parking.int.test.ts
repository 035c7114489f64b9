import { describe, expect, it } from "vitest";
import { GuardDriver, guardPolicy, type PolicyOverrides, said, tokensASecond } from "../guard-driver.ts";
import { describeStores } from "../store-fixture.ts";
import { failed, park, snooze, TaskDriver } from "../task-driver.ts";

describeStores("parking", (openStores) => {
  const open = async (overrides: PolicyOverrides = {}) =>
    new GuardDriver(await openStores(), guardPolicy(overrides));

  const delays = async (guard: GuardDriver, count: number, cost = 1) => {
    const answers = await guard.acquireAll(
      Array.from({ length: count }, () => ({ cost })),
      0,
    );
    return answers.map((answer) => (answer.kind === "park" ? answer.delayMs : answer.kind));
  };

  describe("places", () => {
    it("are from retryAt on, as far apart as the ramp's rate will have it", async () => {
      const guard = await open();
      await guard.calls("failure", "failure", "failure", "failure");
      expect(await delays(guard, 4)).toEqual([30_000, 31_000, 31_527, 31_948]);
      const many = (await delays(guard, 90)).map(Number);
      expect((many.at(-1) ?? 0) - (many.at(-2) ?? 0)).toBe(100);
    });

    it("are openMs from now, at the full rate, when it was forced open; by cost", async () => {
      const guard = await open();
      await guard.guards.forceOpen("llm");
      expect(await delays(guard, 3)).toEqual([30_000, 30_100, 30_200]);
      expect(await delays(guard, 2, 3)).toEqual([30_300, 30_600]);
    });

    it("are a second from now while half-open, as the ramp from now on would have it", async () => {
      const guard = await open();
      await guard.calls("failure", "failure", "failure", "failure");
      guard.clock.advance(30_000);
      await guard.acquireAll([{}, {}]);
      expect(await delays(guard, 3)).toEqual([1_000, 1_527, 1_948]);
    });

    it("are 20 ms apart without a limit", async () => {
      const guard = await open({ limit: null });
      await guard.guards.forceOpen("llm");
      expect(await delays(guard, 3)).toEqual([30_000, 30_020, 30_040]);
    });

    it("are as far apart as the tokens have it that a call needs, where these take longer", async () => {
      const guard = await open({ tokenLimit: tokensASecond });
      await guard.guards.forceOpen("llm");
      const parked = await guard.acquireAll([{ tokens: 250 }, { tokens: 5 }, { cost: 3, tokens: 5 }, {}]);
      const places = [30_000, 32_500, 32_600, 32_900];
      expect(parked.map(said)).toEqual(places.map((delayMs) => `park open ${delayMs}`));
    });

    it("begin anew after a reset, and when the line has ended", async () => {
      const guard = await open({ breaker: { rampMs: 0 } });
      await guard.guards.forceOpen("llm");
      await delays(guard, 50);
      await guard.guards.reset("llm");
      expect(await delays(guard, 1)).toEqual(["granted"]);
      await guard.guards.forceOpen("llm");
      expect(await delays(guard, 1)).toEqual([30_000]);
      guard.clock.advance(60_000);
      expect(await delays(guard, 1)).toEqual([30_000]);
    });
  });

  describe("those that were parked", () => {
    it("go before those that come for the first time", async () => {
      const guard = await open();
      await guard.drain();
      expect(await delays(guard, 2)).toEqual([50, 150]);
      guard.clock.advance(50);
      expect(await delays(guard, 1)).toEqual([200]);
      expect(said(await guard.acquire({ isReturning: true }, 0))).toBe("granted");
    });

    it("are not waited for when their places went unused for a second", async () => {
      const guard = await open();
      await guard.drain();
      await delays(guard, 50);
      guard.clock.advance(1_000);
      expect(said(await guard.acquire({}, 0))).toMatch(/^park limited/);
      guard.clock.advance(100);
      expect(said(await guard.acquire({}, 0))).toBe("granted");
    });

    it("are not waited for at a service without limits", async () => {
      const guard = await open({ limit: null });
      await guard.calls("failure", "failure", "failure", "failure");
      expect((await delays(guard, 500)).at(-1)).toBeGreaterThan(40_000);
      guard.clock.advance(30_000);
      expect(await guard.calls("success", "success")).toMatchObject({ state: "CLOSED" });
      expect(await delays(guard, 1)).toEqual(["granted"]);
    });
  });

  it("is told to whoever claims the task after it, until it is delayed for another reason", async () => {
    const opened = await openStores();
    const driver = new TaskDriver(opened);
    const id = await driver.enqueue();
    const claims: boolean[] = [];
    for (const settlement of [
      park(1_000),
      park(1_000),
      snooze(1_000),
      park(1_000),
      failed({ to: "SCHEDULED", delayMs: 1_000 }),
      park(1_000),
    ]) {
      const attempt = await driver.claimOne();
      claims.push(attempt.wasParked);
      await driver.settle(attempt, settlement);
      opened.clock.advance(1_000);
      await opened.tasks.promote(10);
    }
    const last = await driver.claimOne();
    expect([last.id, ...claims, last.wasParked]).toEqual([id, false, true, true, false, true, false, true]);
  });

  it("is forgotten by a retry: the task comes for the first time", async () => {
    const opened = await openStores();
    const driver = new TaskDriver(opened);
    const id = await driver.enqueue();
    await driver.settle(await driver.claimOne(), park(1_000));
    opened.clock.advance(1_000);
    await opened.tasks.promote(10);
    const parked = await driver.claimOne();
    await driver.settle(parked, failed({ to: "DLQ" }));
    await driver.tasks.retry(id, { resetRetryCount: false });
    expect([parked.wasParked, (await driver.claimOne()).wasParked]).toEqual([true, false]);
  });

  it("tells the failures that used up no attempt, until it is parked again, also across one that did", async () => {
    const opened = await openStores();
    const driver = new TaskDriver(opened);
    const id = await driver.enqueue();
    const parking = { name: "llm", why: "It is away." };
    const told: number[] = [];
    for (const settlement of [
      park(1_000, { ...parking, freeFailures: 3 }),
      failed({ to: "SCHEDULED", delayMs: 1_000 }),
      park(1_000, parking),
      park(1_000, { ...parking, freeFailures: 2 }),
      failed({ to: "DLQ" }),
    ]) {
      const attempt = await driver.claimOne();
      told.push(attempt.freeFailures);
      await driver.settle(attempt, settlement);
      opened.clock.advance(1_000);
      await opened.tasks.promote(10);
      await opened.tasks.promote(10);
    }
    await driver.tasks.retry(id, { resetRetryCount: true });
    told.push((await driver.claimOne()).freeFailures);
    expect(told).toEqual([0, 3, 3, 0, 2, 0]);
  });
});

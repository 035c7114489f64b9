import type { BreakerPolicy } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { GuardDriver, guardPolicy, plainCall, said, turnOf } from "../guard-driver.ts";
import { describeStores } from "../store-fixture.ts";

describeStores("the breaker", (openStores) => {
  const open = async (breaker: Partial<BreakerPolicy> = {}) =>
    new GuardDriver(await openStores(), guardPolicy({ limit: null, breaker }));

  const opened = async (breaker: Partial<BreakerPolicy> = {}) => {
    const guard = await open(breaker);
    await guard.calls("failure", "failure", "failure", "failure");
    return guard;
  };

  const halfOpen = async (breaker: Partial<BreakerPolicy> = {}) => {
    const guard = await opened(breaker);
    guard.clock.advance(30_000);
    return guard;
  };

  describe("closed", () => {
    it("opens at the ratio, once the window holds enough calls", async () => {
      const guard = await open();
      const closed = await guard.calls("failure", "failure", "success");
      expect(closed).toEqual({ state: "CLOSED", version: 0, failures: 2, successes: 1, closedAt: null });
      const at = guard.clock.now();
      const expected = { state: "OPEN", version: 1, failures: 2, successes: 2 };
      expect(await guard.call("success")).toEqual({ ...expected, openedAt: at, retryAt: at + 30_000 });
      expect(await guard.breaker()).toMatchObject(expected);
    });

    it("looks at the calls of a batch one by one", async () => {
      const guard = await open();
      const turns = (await guard.acquireAll(Array.from({ length: 6 }, () => ({})))).map(turnOf);
      const calls = turns.map((turn) => ({ ...plainCall, turn, outcome: "failure" as const }));
      expect(await guard.guards.record(guard.policy, calls)).toMatchObject({ state: "OPEN", failures: 4 });
    });

    it("never opens at a threshold of 0, and counts nothing that was ignored", async () => {
      const guard = await open({ failureThreshold: 0 });
      await guard.calls(...Array.from({ length: 8 }, () => "failure" as const));
      expect(await guard.calls("ignored")).toMatchObject({ state: "CLOSED", failures: 8, successes: 0 });
    });

    it("forgets by buckets of 10 s", async () => {
      const guard = await open();
      await guard.calls("failure", "failure", "failure");
      guard.clock.advance(59_999);
      expect(await guard.call("ignored")).toMatchObject({ failures: 3 });
      guard.clock.advance(1);
      expect(await guard.call("failure")).toMatchObject({ state: "CLOSED", failures: 1 });
    });

    it("does not count what began before it changed", async () => {
      const guard = await open();
      const early = await guard.turn();
      await guard.guards.forceOpen("llm");
      await guard.guards.reset("llm");
      expect(await guard.record(early, "failure")).toMatchObject({ state: "CLOSED", failures: 0 });
    });
  });

  describe("open", () => {
    it("parks until retryAt, then lets so many probes through at a time", async () => {
      const guard = await opened();
      guard.clock.advance(29_000);
      expect(said(await guard.acquire())).toBe("park open 1000");
      expect(await guard.breaker()).toMatchObject({ state: "OPEN" });
      guard.clock.advance(2_000);
      const answers = (await guard.acquireAll([{}, {}, {}])).map(said);
      expect(answers).toEqual(["probe", "probe", "park half_open 1000"]);
      expect(await guard.breaker()).toMatchObject({
        state: "HALF_OPEN",
        version: 2,
        successes: 0,
        probes: 2,
      });
    });

    it("parks what waited for its turn, and gives that back", async () => {
      const guard = new GuardDriver(await openStores(), guardPolicy({ breaker: { rampMs: 0 } }));
      await guard.drain();
      const turns = (await guard.acquireAll([{}, {}])).map(turnOf);
      await guard.guards.forceOpen("llm");
      const { answers, breaker } = await guard.guards.confirm(guard.policy, turns, 2_000);
      expect(answers.map(said)).toEqual(["park open 30000", "park open 30100"]);
      expect(breaker).toMatchObject({ state: "OPEN", retryAt: null });
      expect((await guard.limiter()).tokens).toBeCloseTo(0.5, 3);
    });
  });

  describe("half-open", () => {
    it("closes with as many successes as probes, and not with those of before", async () => {
      const guard = await halfOpen();
      expect(await guard.call("success")).toMatchObject({ state: "HALF_OPEN", successes: 1, probes: 0 });
      const closed = { state: "CLOSED", version: 3, failures: 0, successes: 0, closedAt: guard.clock.now() };
      expect(await guard.call("success")).toEqual(closed);
    });

    it("opens again at the first failure", async () => {
      const guard = await halfOpen();
      await guard.call("success");
      const at = guard.clock.now();
      expect(await guard.call("failure")).toEqual({
        state: "OPEN",
        version: 3,
        failures: 1,
        successes: 1,
        openedAt: at,
        retryAt: at + 30_000,
      });
    });

    it("gives a probe's place on when it was ignored, cancelled, or given up", async () => {
      const guard = await halfOpen();
      const [first, second] = (await guard.acquireAll([{}, {}])).map(turnOf);
      expect(await guard.record(first ?? "", "ignored")).toMatchObject({ state: "HALF_OPEN", probes: 1 });
      await guard.cancel(second ?? "");
      expect(await guard.breaker()).toMatchObject({ probes: 0 });
      await guard.acquireAll([{}, {}]);
      expect(said(await guard.acquire())).toBe("park half_open 1000");
      guard.clock.advance(20_000);
      expect(await guard.breaker()).toMatchObject({ probes: 0 });
      expect(said(await guard.acquire())).toBe("probe");
    });

    it("keeps a probe's place while it waits for its turn", async () => {
      const guard = new GuardDriver(await openStores(), guardPolicy({ breaker: { openMs: 1 } }));
      await guard.calls("failure", "failure", "failure", "failure");
      guard.clock.advance(1);
      expect(said(await guard.acquire())).toBe("probe");
      expect(said(await guard.acquire())).toBe("wait 49");
      expect(said(await guard.acquire())).toBe("park half_open 1000");
    });

    it("takes turns that were reserved before as probes, and counts them as of their confirmation", async () => {
      const guard = new GuardDriver(await openStores(), guardPolicy({ breaker: { openMs: 1 } }));
      const [one, two, three, four] = (await guard.acquireAll([{}, {}, {}, {}])).map(turnOf);
      await guard.acquire();
      const waiting = (await guard.acquireAll([{}, {}, {}])).map(turnOf);
      for (const turn of [one, two, three, four]) await guard.record(turn ?? "", "failure");
      guard.clock.advance(150);
      const { answers } = await guard.guards.confirm(guard.policy, waiting, 2_000);
      expect(answers.map(said)).toEqual(["probe", "probe", "park half_open 1000"]);
      expect(await guard.record(waiting[0] ?? "", "success")).toMatchObject({ successes: 0 });
      const [probe] = answers;
      expect(probe && (await guard.record(turnOf(probe), "success"))).toMatchObject({
        successes: 1,
        probes: 1,
      });
    });
  });

  describe("the ramp", () => {
    it("rises from a tenth of the rate, and of what was saved up", async () => {
      const guard = new GuardDriver(await openStores());
      await guard.guards.forceOpen("llm");
      guard.clock.advance(60_000);
      await guard.guards.reset("llm");
      expect((await guard.acquireAll([{}, {}])).map(said)).toEqual(["granted", "wait 1000"]);
      guard.clock.advance(5_000);
      expect((await guard.acquireAll([{}, {}, {}])).map(said).slice(0, 2)).toEqual(["granted", "granted"]);
      guard.clock.advance(6_000);
      await guard.drain();
    });
  });

  describe("an operator", () => {
    it("forces it open until it is reset", async () => {
      const guard = await open();
      const at = guard.clock.now();
      const forced = { state: "OPEN", version: 1, failures: 0, successes: 0, openedAt: at, retryAt: null };
      expect(await guard.guards.forceOpen("llm")).toEqual(forced);
      guard.clock.advance(3_600_000);
      expect(await guard.guards.forceOpen("llm")).toEqual(forced);
      expect(said(await guard.acquire())).toBe("park open 30000");
      const closedAt = guard.clock.now();
      const closed = { state: "CLOSED", version: 2, failures: 0, successes: 0, closedAt };
      expect(await guard.guards.reset("llm")).toEqual(closed);
      expect(said(await guard.acquire())).toBe("granted");
    });

    it("forces one open that had opened by itself, without changing since when", async () => {
      const guard = await opened();
      const openedAt = guard.clock.now();
      guard.clock.advance(1_000);
      const forced = { state: "OPEN", version: 2, failures: 4, openedAt, retryAt: null };
      expect(await guard.guards.forceOpen("llm")).toMatchObject(forced);
    });

    it("empties the window of a closed one, which is no change", async () => {
      const guard = await open();
      await guard.calls("failure", "failure", "failure");
      const reset = { state: "CLOSED", version: 0, failures: 0, successes: 0, closedAt: null };
      expect(await guard.guards.reset("llm")).toEqual(reset);
      expect(await guard.call("failure")).toMatchObject({ state: "CLOSED", failures: 1 });
    });
  });

  it("is known from the first use on, and read as nothing before", async () => {
    const { stores, clock } = await openStores();
    expect(await stores.guards.read("llm")).toBeNull();
    expect(await stores.guards.list()).toEqual([]);
    await new GuardDriver({ stores, clock }).acquire();
    await stores.guards.reset("maps");
    const views = await stores.guards.list();
    expect(views.map(({ service }) => service).toSorted()).toEqual(["llm", "maps"]);
    expect(views.find(({ service }) => service === "llm")).toEqual(await stores.guards.read("llm"));
  });

  it("is as it was when the store is opened again", async () => {
    const first = await openStores();
    const guard = new GuardDriver(first);
    await guard.calls("failure", "failure", "failure", "failure");
    const before = await first.stores.guards.list();
    await first.stores.close();
    const again = await openStores({ place: first.place, clock: first.clock });
    expect(await again.stores.guards.list()).toEqual(before);
  });
});

import type { RateLimit } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { GuardDriver, guardPolicy, ServiceListener, said, tenASecond } from "../guard-driver.ts";
import { describeStores } from "../store-fixture.ts";

const minute = 60_000;
const twoASecond: RateLimit = { requests: 2, intervalMs: 1_000 };
const fiveASecond: RateLimit = { requests: 5, intervalMs: 1_000 };
const twentyAMinute: RateLimit = { requests: 20, intervalMs: minute };

describeStores("rate limits", (openStores) => {
  const open = async (limit: RateLimit | null = tenASecond) => {
    const opened = await openStores();
    const guard = new GuardDriver(opened, guardPolicy({ limit }));
    await guard.guards.configure(guard.policy);
    const configure = (next: RateLimit | null) => guard.guards.configure({ ...guard.policy, limit: next });
    const learn = async (learnedLimit: RateLimit) => {
      guard.clock.advance(10_000);
      await guard.call("failure", { learnedLimit });
    };
    return { ...opened, guard, guards: opened.stores.guards, configure, learn };
  };
  const inForce = async (guard: GuardDriver) => (await guard.limiter()).limit;

  describe("configuring", () => {
    it("shows the limit before the first call", async () => {
      const { guard } = await open();
      expect(await guard.limiter()).toEqual({
        limit: tenASecond,
        configured: tenASecond,
        tokens: expect.closeTo(5.5, 3),
        holdUntil: null,
        waitMs: 0,
      });
    });

    it("lets an operator's limit stand until the code has another one", async () => {
      const { guard, guards, configure } = await open();
      await guards.changeLimit("llm", fiveASecond);
      await configure(tenASecond);
      expect(await guard.limiter()).toMatchObject({ limit: fiveASecond, configured: fiveASecond });
      await configure(twoASecond);
      expect(await guard.limiter()).toMatchObject({ limit: twoASecond, configured: twoASecond });
    });

    it("takes a limit away that the code no longer has, and leaves an operator's", async () => {
      const { guard, guards, configure } = await open();
      await configure(null);
      expect((await guards.read("llm"))?.limiter).toBeNull();
      await guards.changeLimit("llm", twoASecond);
      await configure(null);
      expect(await inForce(guard)).toEqual(twoASecond);
    });

    it("happens with the first turn too", async () => {
      const guard = new GuardDriver(await openStores());
      await guard.acquire();
      expect(await inForce(guard)).toEqual(tenASecond);
    });
  });

  it("changes at once for everyone", async () => {
    const { guard, guards } = await open();
    await guards.changeLimit("llm", twoASecond);
    expect((await guard.acquireAll([{}, {}, {}])).map(said)).toEqual(["granted", "wait 450", "wait 950"]);
  });

  describe("learning", () => {
    it("takes over a lower limit only", async () => {
      const { guard, learn } = await open();
      await learn({ requests: 1_000, intervalMs: minute });
      expect(await inForce(guard)).toEqual(tenASecond);
      await learn(twentyAMinute);
      expect(await guard.limiter()).toMatchObject({ limit: twentyAMinute, configured: tenASecond });
    });

    it("gives back a tenth of the rate before a minute, in its own interval, up to all of it", async () => {
      const { guard, learn } = await open();
      await learn(twentyAMinute);
      const seen: RateLimit[] = [];
      for (let passed = 0; passed < 3; passed++) {
        guard.clock.advance(minute);
        seen.push(await inForce(guard));
        await guard.acquire();
      }
      expect(seen.map(({ requests }) => requests)).toEqual([80, 140, 200]);
      guard.clock.advance(60 * minute);
      expect(await inForce(guard)).toEqual(tenASecond);
      await guard.acquire();
      expect(await inForce(guard)).toEqual(tenASecond);
    });

    it("starts the minutes anew when the same limit is named again", async () => {
      const { guard, learn } = await open();
      await learn(twoASecond);
      guard.clock.advance(minute - 10_001);
      await learn(twoASecond);
      guard.clock.advance(minute - 1);
      expect(await inForce(guard)).toEqual(twoASecond);
      guard.clock.advance(1);
      expect(await inForce(guard)).toEqual({ requests: 3, intervalMs: 1_000 });
    });

    it("goes back to an operator's limit and not past it; another one makes it forget", async () => {
      const { guard, guards, learn } = await open();
      await guards.changeLimit("llm", fiveASecond);
      await learn(twoASecond);
      expect(await guard.limiter()).toMatchObject({ limit: twoASecond, configured: fiveASecond });
      guard.clock.advance(60 * minute);
      expect(await inForce(guard)).toEqual(fiveASecond);
      await learn(twoASecond);
      await guards.changeLimit("llm", { requests: 4, intervalMs: 1_000 });
      guard.clock.advance(60 * minute);
      expect(await inForce(guard)).toEqual({ requests: 4, intervalMs: 1_000 });
    });

    it("stays where there was no limit before", async () => {
      const { guard, learn } = await open(null);
      await learn(twoASecond);
      guard.clock.advance(60 * minute);
      expect(await guard.limiter()).toMatchObject({ limit: twoASecond, configured: twoASecond });
    });
  });

  describe("events", () => {
    it("tell of every change of the limit in force, and of none that is none", async () => {
      const { guard, guards, configure, learn, stores } = await open();
      const listener = await ServiceListener.on(stores.guards);
      await configure(tenASecond);
      await guards.changeLimit("llm", fiveASecond);
      await guards.changeLimit("llm", fiveASecond);
      await learn(twoASecond);
      await learn(twoASecond);
      const learnedAt = guard.clock.now();
      guard.clock.advance(minute);
      await guard.acquire();
      await configure(null);
      const limits = [fiveASecond, twoASecond, { requests: 3, intervalMs: 1_000 }];
      const events = await listener.settled();
      expect(events.map((event) => (event.type === "rate_limit_changed" ? event.limit : event))).toEqual(
        limits,
      );
      expect(events.at(-1)).toMatchObject({ service: "llm", at: learnedAt + minute });
    });

    it("tell of holds and of each change of the breaker, in order", async () => {
      const { guard, guards, stores } = await open(null);
      const listener = await ServiceListener.on(stores.guards);
      const at = guard.clock.now();
      const turns = (await guard.acquireAll([{}, {}, {}, {}])).map((answer) =>
        answer.kind === "granted" ? answer.turn : "",
      );
      for (const turn of turns) await guard.record(turn, "failure", { holdMs: 1_000 });
      guard.clock.advance(30_000);
      await guard.calls("success", "success");
      await guards.forceOpen("llm");
      await guards.reset("llm");
      await guards.reset("llm");
      const later = guard.clock.now();
      const changed = { type: "circuit_breaker_changed", service: "llm" };
      const steps = [
        { oldState: "CLOSED", newState: "OPEN", version: 1, retryAt: at + 30_000, at },
        { oldState: "OPEN", newState: "HALF_OPEN", version: 2, retryAt: null, at: later },
        { oldState: "HALF_OPEN", newState: "CLOSED", version: 3, retryAt: null, at: later },
        { oldState: "CLOSED", newState: "OPEN", version: 4, retryAt: null, at: later },
        { oldState: "OPEN", newState: "CLOSED", version: 5, retryAt: null, at: later },
      ];
      expect(await listener.settled()).toEqual([
        { type: "service_held", service: "llm", holdUntil: at + 1_000, at },
        ...steps.map((step) => ({ ...changed, ...step })),
      ]);
    });

    it("are told to every listener until it is closed", async () => {
      const { guards, stores } = await open();
      const listener = await ServiceListener.on(stores.guards);
      const heard: string[] = [];
      const closed = await guards.subscribe({ onEvent: ({ type }) => heard.push(type), onGap: () => {} });
      await closed.close();
      await guards.forceOpen("llm");
      expect(await listener.settled()).toHaveLength(1);
      expect(heard).toEqual([]);
    });
  });
});

import { describe, expect, it } from "vitest";
import {
  GuardDriver,
  guardPolicy,
  type PolicyOverrides,
  said,
  tokensASecond,
  turnOf,
} from "../guard-driver.ts";
import { describeStores } from "../store-fixture.ts";

describeStores("the limiter", (openStores) => {
  const open = async (overrides: PolicyOverrides = {}) =>
    new GuardDriver(await openStores(), guardPolicy(overrides));

  const acquired = async (guard: GuardDriver, count: number, maxWaitMs = 2_000) =>
    (
      await guard.acquireAll(
        Array.from({ length: count }, () => ({})),
        maxWaitMs,
      )
    ).map(said);

  describe("reserving", () => {
    it("grants what was saved up, then a turn at a time, then parks", async () => {
      const guard = await open();
      const answers = await acquired(guard, 9, 250);
      expect(answers.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => "granted"));
      expect(answers.slice(5)).toEqual(["wait 50", "wait 150", "wait 250", "park limited 350"]);
    });

    it("saves up in fractions of a turn, and no more than the interval less what is kept back", async () => {
      const guard = await open();
      await guard.drain();
      guard.clock.advance(80);
      expect((await guard.limiter()).tokens).toBeCloseTo(1.3, 3);
      expect(await acquired(guard, 2)).toEqual(["granted", "wait 70"]);
      guard.clock.advance(3_600_000);
      expect((await guard.limiter()).tokens).toBeCloseTo(5.5, 3);
    });

    it("keeps back at most half a second", async () => {
      const guard = await open({ limit: { requests: 230, intervalMs: 10_000 } });
      const answers = await acquired(guard, 220);
      expect(answers.filter((answer) => answer === "granted")).toHaveLength(218);
      expect(answers.slice(218)).toEqual(["wait 22", "wait 66"]);
    });

    it("charges what a call costs, and lets one go in debt that costs more than the bucket holds", async () => {
      const guard = await open();
      expect(said(await guard.acquire({ cost: 9.5 }))).toBe("granted");
      expect(said(await guard.acquire({ cost: 0.5 }))).toBe("wait 50");
      guard.clock.advance(10_000);
      expect(said(await guard.acquire({ cost: 25 }, 0))).toBe("granted");
      expect(said(await guard.acquire())).toBe("wait 1700");
      expect((await guard.limiter()).tokens).toBeCloseTo(-17, 3);
    });

    it("spaces the calls of one an interval by all of it, and grants the first at once", async () => {
      const guard = await open({ limit: { requests: 1, intervalMs: 1_000 } });
      expect(await acquired(guard, 3)).toEqual(["granted", "wait 1050", "park limited 2100"]);
    });

    it("makes nobody wait without a limit, and shows none", async () => {
      const guard = await open({ limit: null });
      expect(new Set(await acquired(guard, 300, 0))).toEqual(new Set(["granted"]));
      expect((await guard.guards.read("llm"))?.limiter).toBeNull();
    });

    it("is one for all who ask, by service", async () => {
      const { stores, clock } = await openStores();
      const [one, other] = [
        new GuardDriver({ stores, clock }),
        new GuardDriver({ stores, clock }, guardPolicy({ service: "maps" })),
      ];
      await one.drain();
      expect(said(await other.acquire())).toBe("granted");
      expect(said(await new GuardDriver({ stores, clock }).acquire())).toBe("wait 50");
    });
  });

  describe("the token limit", () => {
    it("is reserved with the estimate, and the later of both turns counts", async () => {
      const guard = await open({ tokenLimit: tokensASecond });
      expect(said(await guard.acquire({ tokens: 950 }))).toBe("granted");
      expect(said(await guard.acquire({ tokens: 50 }))).toBe("wait 500");
      const { tokens } = await guard.limiter();
      expect(said(await guard.acquire({ tokens: 500 }))).toBe("park limited 5500");
      expect((await guard.limiter()).tokens).toBe(tokens);
    });

    it("is corrected by what was used, however long the call took", async () => {
      const guard = await open({ tokenLimit: tokensASecond });
      const first = await guard.turn({ tokens: 950 });
      await guard.record(first, "success", { tokensUsed: 450 });
      const second = await guard.acquire({ tokens: 500 });
      expect(said(second)).toBe("granted");
      guard.clock.advance(60_000);
      await guard.record(turnOf(second), "success", { tokensUsed: 1_450 });
      expect(said(await guard.acquire({ tokens: 10 }))).toBe("wait 100");
    });

    it("gives its place back with the other one", async () => {
      const guard = await open({ tokenLimit: tokensASecond });
      const turn = await guard.turn({ tokens: 950 });
      await guard.cancel(turn);
      expect(said(await guard.acquire({ tokens: 950 }))).toBe("granted");
    });
  });

  describe("confirming", () => {
    it("grants at the turn, 1 ms early and any time later, and waits before it", async () => {
      const guard = await open();
      await guard.drain();
      const [first, second] = (await guard.acquireAll([{}, {}])).map(turnOf);
      expect(said(await guard.confirm(first ?? ""))).toBe("wait 50");
      guard.clock.advance(49);
      expect(said(await guard.confirm(first ?? ""))).toBe("granted");
      guard.clock.advance(800);
      expect(said(await guard.confirm(second ?? ""))).toBe("granted");
    });

    it("parks at its due what would wait too long, and gives it back", async () => {
      const guard = await open();
      await guard.drain();
      const turn = await guard.turn();
      expect(said(await guard.confirm(turn, 10))).toBe("park limited 50");
      expect((await guard.limiter()).tokens).toBeCloseTo(0.5, 3);
    });

    it("reserves anew for a call whose place is over, if others after it have called", async () => {
      const guard = await open();
      await guard.drain();
      const turn = await guard.turn();
      guard.clock.advance(1_500);
      await guard.drain();
      expect(said(await guard.confirm(turn))).toBe("wait 50");
    });

    it("moves all along behind a call whose place is over, if none of them has called", async () => {
      const guard = await open({ limit: { requests: 1, intervalMs: 1_000 } });
      const [, first, second] = (await guard.acquireAll([{}, {}, {}], 3_000)).map(turnOf);
      guard.clock.advance(1_130);
      expect(said(await guard.confirm(first ?? ""))).toBe("granted");
      expect(said(await guard.confirm(second ?? ""))).toBe("wait 1001");
    });

    it("moves nobody for a call that comes seconds late: that one goes to the end of the line", async () => {
      const guard = await open({ limit: { requests: 1, intervalMs: 1_000 } });
      const [, first] = (await guard.acquireAll([{}, {}, {}], 3_000)).map(turnOf);
      guard.clock.advance(3_050);
      expect(said(await guard.confirm(first ?? ""))).toBe("wait 100");
    });
  });

  describe("cancelling", () => {
    it("gives back a batch whole, latest first", async () => {
      const guard = await open();
      await guard.drain();
      const turns = (await guard.acquireAll([{}, {}, { cost: 3 }])).map(turnOf);
      await guard.cancel(...turns);
      expect(said(await guard.acquire())).toBe("wait 50");
    });

    it("gives back a turn that was granted and not used", async () => {
      const guard = await open();
      await guard.drain();
      guard.clock.advance(50);
      await guard.cancel(turnOf(await guard.acquire({}, 0)));
      expect(said(await guard.acquire({}, 0))).toBe("granted");
    });

    it("gives nothing back when others were reserved after it", async () => {
      const guard = await open();
      await guard.drain();
      const first = await guard.turn({ cost: 5 });
      await guard.acquire();
      await guard.cancel(first);
      expect(said(await guard.acquire())).toBe("wait 650");
    });

    it("gives back as much as was reserved, though the limit has changed", async () => {
      const guard = await open();
      await guard.drain();
      const turn = await guard.turn();
      await guard.guards.changeLimit("llm", { requests: 1, intervalMs: 1_000 });
      await guard.cancel(turn);
      expect((await guard.limiter()).waitMs).toBe(900);
    });
  });

  describe("holding", () => {
    it("makes everyone wait once, in the order of their turns", async () => {
      const guard = await open();
      const called = (await guard.acquireAll([{}, {}])).map(turnOf);
      await guard.acquireAll([{}, {}, {}]);
      const waiting = (await guard.acquireAll([{}, {}])).map(turnOf);
      for (const turn of called) await guard.record(turn, "failure", { holdMs: 5_000 });
      expect((await guard.limiter()).holdUntil).toBe(guard.clock.now() + 5_000);
      guard.clock.advance(4_000);
      expect(said(await guard.confirm(waiting[1] ?? ""))).toBe("wait 1150");
      expect(said(await guard.confirm(waiting[0] ?? ""))).toBe("wait 1050");
      expect(said(await guard.acquire())).toBe("wait 1250");
      expect(said(await guard.acquire({}, 500))).toBe("park limited 1350");
      guard.clock.advance(1_000);
      expect((await guard.limiter()).holdUntil).toBeNull();
    });

    it("lets a longer one take the place of a shorter one, and not the other way round", async () => {
      const guard = await open();
      const [one, two, three] = (await guard.acquireAll([{}, {}, {}])).map(turnOf);
      const until = guard.clock.now() + 8_000;
      await guard.record(one ?? "", "failure", { holdMs: 5_000 });
      await guard.record(two ?? "", "failure", { holdMs: 8_000 });
      await guard.record(three ?? "", "failure", { holdMs: 1_000 });
      expect(await guard.limiter()).toMatchObject({ holdUntil: until, waitMs: 8_100 });
    });

    it("lets nothing be saved up meanwhile, and no late turn call within it", async () => {
      const guard = await open();
      await guard.drain();
      const late = await guard.turn();
      guard.clock.advance(500);
      await guard.call("failure", { holdMs: 1_000 });
      guard.clock.advance(700);
      expect(said(await guard.confirm(late))).toBe("wait 300");
      guard.clock.advance(300);
      expect((await guard.limiter()).tokens).toBeLessThanOrEqual(0);
    });

    it("holds a service without a limit too", async () => {
      const guard = await open({ limit: null });
      await guard.call("failure", { holdMs: 1_500 });
      expect(await acquired(guard, 2)).toEqual(["wait 1500", "wait 1500"]);
      expect(said(await guard.acquire({}, 1_000))).toBe("park limited 1500");
    });
  });
});

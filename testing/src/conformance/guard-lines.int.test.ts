import type { RateLimit } from "@workstream/core";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { GuardDriver, guardPolicy, type PolicyOverrides, tokensASecond } from "../guard-driver.ts";
import { describeStores } from "../store-fixture.ts";
import type { OpenedStores, OpenStores } from "../store-source.ts";
import { park, TaskDriver } from "../task-driver.ts";

const why = 'Service "llm" has no turn free.';

/** Tasks that are parked for `llm`, by the guard's own answers. */
class Line {
  readonly guard: GuardDriver;
  readonly tasks: TaskDriver;
  readonly opened: OpenedStores;
  ids: string[] = [];

  constructor(opened: OpenedStores, overrides: PolicyOverrides = {}) {
    this.opened = opened;
    this.guard = new GuardDriver(opened, guardPolicy(overrides));
    this.tasks = new TaskDriver(opened);
  }

  /** Each asks for a turn, with this share of the limits, and is sent away. */
  async park(count: number, share: { cost?: number; tokens?: number } = {}): Promise<void> {
    const { tasks } = this;
    await tasks.enqueueMany(count);
    const claimed = await tasks.claim({ queues: { primary: count }, limit: count });
    const answers = await this.guard.acquireAll(
      claimed.map(() => share),
      0,
    );
    for (const [index, attempt] of claimed.entries()) {
      const answer = answers[index];
      if (answer?.kind !== "park") throw new Error(`The call was not parked: ${answer?.kind}.`);
      await tasks.settle(attempt, park(answer.delayMs, { name: "llm", why, ...share }));
      this.ids.push(attempt.id);
    }
  }

  /** Promotes until all lines are seated, at most `limit` a step; answers how many steps that took. */
  async seat(limit = 250): Promise<number> {
    for (let steps = 1; ; steps++) {
      const { promoted, nextDueInMs } = await this.tasks.tasks.promote(limit);
      if (promoted === 0 && nextDueInMs !== 0) return steps;
    }
  }

  /** In how long each is due, in the order in which they were parked; null: it waits for no time. */
  async dues(): Promise<(number | null)[]> {
    const found = await Promise.all(this.ids.map((id) => this.tasks.task(id)));
    return found.map(({ retryAfterAt }) => retryAfterAt && retryAfterAt - this.guard.clock.now());
  }
}

const every = (ms: number, count: number, from: number) =>
  Array.from({ length: count }, (_, index) => from + index * ms);
const aSecond = (requests: number): RateLimit => ({ requests, intervalMs: 1_000 });

describeStores("lines of the parked", (openStores: OpenStores, kind, isPartitioned) => {
  const open = async (overrides: PolicyOverrides = {}) => new Line(await openStores(), overrides);

  it("are told of each task, until it is promoted", async () => {
    const line = await open();
    await line.guard.drain();
    await line.park(1);
    const [id = ""] = line.ids;
    expect(await line.tasks.task(id)).toMatchObject({ parkedFor: "llm", parkedWhy: why });
    line.guard.clock.advance(1_000);
    await line.tasks.tasks.promote(10);
    expect(await line.tasks.task(id)).toMatchObject({ state: "PENDING", parkedFor: null, parkedWhy: null });
  });

  it("come due as they were told while nothing changes", async () => {
    const line = await open();
    await line.guard.drain();
    await line.park(5);
    const dues = await line.dues();
    expect(dues).toEqual(every(100, 5, 50));
    expect(await line.seat()).toBe(1);
    expect(await line.dues()).toEqual(dues);
  });

  describe("get other due times when the limit is changed", () => {
    it.skipIf(isPartitioned)(
      "upwards or downwards, in their old order (each partition has a line of its own)",
      async () => {
        const line = await open();
        await line.guard.drain();
        await line.park(40);
        await line.guard.guards.changeLimit("llm", aSecond(2));
        await line.seat();
        expect(await line.dues()).toEqual(every(500, 40, 450));
        await line.park(10);
        expect((await line.dues()).slice(-2)).toEqual(every(500, 2, 450 + 48 * 500));
        await line.guard.guards.changeLimit("llm", aSecond(50));
        await line.seat();
        expect(await line.dues()).toEqual([null, ...every(20, 49, 20)]);
      },
    );

    it.skipIf(isPartitioned)(
      "by a new configuration, or its withdrawal (each partition has a line of its own)",
      async () => {
        const line = await open();
        await line.guard.drain();
        await line.park(4);
        await line.guard.guards.configure({ ...line.guard.policy, limit: aSecond(4) });
        await line.seat();
        expect(await line.dues()).toEqual(every(250, 4, 200));
        await line.guard.guards.configure({ ...line.guard.policy, limit: null });
        await line.seat();
        expect(await line.dues()).toEqual([null, ...every(20, 3, 20)]);
      },
    );

    it.skipIf(isPartitioned)(
      "by what the service named, and as that is raised again (each partition has a line of its own)",
      async () => {
        const line = await open({ limit: { requests: 100, intervalMs: 1_000 } });
        await line.guard.call("failure", { learnedLimit: aSecond(1), holdMs: 200_000 });
        await line.park(4);
        expect(await line.dues()).toEqual(every(1_000, 4, 200_950));
        line.guard.clock.advance(120_000);
        await line.guard.acquire({}, 0);
        await line.seat();
        const [first = 0, second = 0] = (await line.dues()).map(Number);
        expect(first).toBeGreaterThanOrEqual(80_000);
        expect(second - first).toBeCloseTo(1_000 / 21, -1);
      },
    );

    it.skipIf(isPartitioned)(
      "with no more of them in one step than a promotion may take (each partition has a line of its own)",
      async () => {
        const line = await open();
        await line.guard.drain();
        await line.park(25);
        await line.guard.guards.changeLimit("llm", aSecond(50));
        const step = await line.tasks.tasks.promote(10);
        expect(step).toEqual({ promoted: 0, nextDueInMs: 0 });
        expect((await line.dues()).slice(8, 12)).toEqual([160, 180, 1_050, 1_150]);
        await line.tasks.tasks.promote(10);
        expect((await line.dues()).slice(17, 21)).toEqual([340, 360, 1_950, 2_050]);
      },
    );

    it.skipIf(isPartitioned)(
      "also when whoever changed it, and the one who began, are gone (each partition has a line of its own)",
      async () => {
        const first = await open();
        await first.guard.drain();
        await first.park(25);
        await first.guard.guards.changeLimit("llm", aSecond(50));
        await first.tasks.tasks.promote(10);
        await first.opened.stores.close();
        const { place, clock } = first.opened;
        const second = new Line(await openStores({ place, clock }));
        second.ids = first.ids;
        await second.seat();
        expect(await second.dues()).toEqual([null, ...every(20, 24, 20)]);
      },
    );

    it.skipIf(isPartitioned)(
      "by what each takes of the limits (each partition has a line of its own)",
      async () => {
        const line = await open({ tokenLimit: tokensASecond });
        await line.guard.guards.forceOpen("llm");
        await line.park(2, { cost: 3, tokens: 5 });
        await line.park(2, { tokens: 250 });
        expect(await line.dues()).toEqual([30_000, 30_300, 30_600, 33_100]);
        await line.guard.guards.changeLimit("llm", aSecond(1));
        await line.seat();
        expect(await line.dues()).toEqual([30_000, 33_000, 36_000, 38_500]);
      },
    );

    if (kind === "redis") {
      it.skipIf(isPartitioned)(
        "by hand, at the next acquire (each partition has a line of its own)",
        async () => {
          const line = await open();
          await line.guard.drain();
          await line.park(4);
          const redis = new Redis(line.opened.redisUrl ?? "");
          await redis.hset(`${line.opened.place}service:llm:rate_limit_config`, {
            requests: "2",
            interval: "1s",
          });
          redis.disconnect();
          // Who comes before the line is there again has the first place in it.
          expect((await line.guard.acquire({}, 0)).kind).toBe("park");
          await line.seat();
          expect(await line.dues()).toEqual(every(500, 4, 950));
        },
      );
    }
  });

  describe("get other due times when the breaker is reset", () => {
    it.skipIf(isPartitioned)("along the ramp (each partition has a line of its own)", async () => {
      const line = await open();
      await line.guard.calls("failure", "failure", "failure", "failure");
      await line.park(4);
      expect(await line.dues()).toEqual([30_000, 31_000, 31_527, 31_948]);
      line.guard.clock.advance(5_000);
      await line.guard.guards.reset("llm");
      await line.seat();
      const [first = 0, ...others] = (await line.dues()).map(Number);
      expect(first).toBeLessThan(1_000);
      expect(others.map((due) => due - first).map((ms) => ms > 400 && ms < 2_500)).toEqual([
        true,
        true,
        true,
      ]);
    });

    it.skipIf(isPartitioned)(
      "and it was forced open; one after another all the same (each partition has a line of its own)",
      async () => {
        const line = await open({ breaker: { rampMs: 0 } });
        await line.guard.guards.forceOpen("llm");
        await line.park(300);
        await line.guard.guards.reset("llm");
        expect(await line.seat()).toBeGreaterThan(1);
        expect((await line.dues()).slice(1)).toEqual(every(100, 299, 100));
      },
    );

    it.skipIf(isPartitioned)(
      "also those that were sent away before it and settled after it (each partition has a line of its own)",
      async () => {
        const line = await open({ breaker: { rampMs: 0 } });
        await line.guard.guards.forceOpen("llm");
        await line.tasks.enqueue();
        const late = await line.tasks.claimOne();
        await line.park(2);
        await line.guard.guards.reset("llm");
        await line.seat();
        await line.tasks.settle(late, park(30_000, { name: "llm", why }));
        line.ids.push(late.id);
        await line.seat();
        const dues = await line.dues();
        expect(dues.at(-1)).toBeLessThan(1_000);
      },
    );
  });

  it("are left by whoever is cancelled, deleted or promoted", async () => {
    const line = await open({ breaker: { rampMs: 0 } });
    const { tasks } = line.tasks;
    await line.guard.guards.forceOpen("llm");
    await line.park(4);
    const [cancelled = "", deleted = "", snoozed = ""] = line.ids;
    await tasks.cancel(cancelled, "");
    await tasks.delete(deleted);
    line.guard.clock.advance(30_250);
    await tasks.promote(1);
    await tasks.retry(cancelled, { resetRetryCount: false });
    const claimed = await line.tasks.claim();
    expect(claimed.map(({ id }) => id).sort()).toEqual([cancelled, snoozed].sort());
    for (const attempt of claimed)
      await line.tasks.settle(attempt, { kind: "snooze", delayMs: 50_000, isParked: false });
    await line.guard.guards.reset("llm");
    await line.seat();
    for (const id of [cancelled, snoozed])
      expect(await line.tasks.task(id)).toMatchObject({ parkedFor: null, state: "SCHEDULED" });
    line.ids = [cancelled, snoozed];
    expect(await line.dues()).toEqual([50_000, 50_000]);
  });
});

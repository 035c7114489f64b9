import { setImmediate as nextTurn } from "node:timers/promises";
import { type CacheAnswer, maxCachedResultBytes } from "@workstream/core";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";
import type { OpenOptions } from "../store-source.ts";
import { park, TaskDriver } from "../task-driver.ts";

const flightMs = 30_000;
const ttlMs = 3_600_000;
const mine: CacheAnswer = { kind: "mine" };

describeStores("the result cache", (openStores, kind, isPartitioned) => {
  const open = async (options?: OpenOptions) => {
    const opened = await openStores(options);
    const { cache } = opened.stores;
    return {
      ...opened,
      cache,
      begin: (key: string, owner = "a") => cache.begin(key, owner, flightMs),
      /** Computes a result and stores it, a moment after everything before. */
      async fill(key: string, text: string, keptMs = ttlMs) {
        opened.clock.advance(1);
        expect(await cache.begin(key, "filler", flightMs)).toEqual(mine);
        await cache.put(key, "filler", { text, ttlMs: keptMs });
      },
      /** Which of `keys` are hits, each looked for a moment after the one before. */
      async hits(...keys: string[]) {
        const found: string[] = [];
        for (const key of keys) {
          opened.clock.advance(1);
          const answer = await cache.begin(key, "looker", flightMs);
          if (answer.kind === "hit") found.push(key);
          else await cache.abandon(key, "looker");
        }
        return found;
      },
    };
  };

  it("lets the first caller compute, the others wait, and then all have the result", async () => {
    const { cache, clock, begin } = await open();
    expect(await begin("k", "a")).toEqual(mine);
    expect(await begin("k", "b")).toMatchObject({ kind: "busy", waitMs: flightMs });
    expect(await begin("other", "b")).toEqual(mine);
    clock.advance(flightMs - 300);
    expect(await begin("k", "b")).toMatchObject({ kind: "busy", waitMs: 300 });
    const text = 'the result, "quoted" 🙂 \0 日本';
    await cache.put("k", "a", { text, ttlMs });
    expect(await begin("k", "a")).toEqual({ kind: "hit", result: text });
    expect(await begin("k", "b")).toEqual({ kind: "hit", result: text });
  });

  it.each([
    ["nothing", ""],
    ["a text of several chunks", "ä".repeat(maxCachedResultBytes / 2)],
  ])("gives back %s", async (_, text) => {
    const { cache, begin } = await open();
    await begin("k");
    await cache.put("k", "a", { text, ttlMs });
    const answer = await begin("k", "b");
    expect(answer.kind === "hit" && answer.result === text).toBe(true);
  });

  it.each(["index", "bytes", "flight:k", "", "nul \0", "x".repeat(10_000)])(
    "takes any text as a key: %j",
    async (key) => {
      const { cache, begin, fill } = await open();
      await fill("k", "not this");
      expect(await begin(key)).toEqual(mine);
      await cache.put(key, "a", { text: "this", ttlMs });
      expect(await begin(key)).toEqual({ kind: "hit", result: "this" });
      expect(await begin("k")).toEqual({ kind: "hit", result: "not this" });
    },
  );

  it("has one of twenty callers compute, and tells all the same", async () => {
    const { cache } = await open();
    let computed = 0;
    const results = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        for (;;) {
          const answer = await cache.begin("k", `caller-${index}`, flightMs);
          if (answer.kind === "hit") return answer.result;
          if (answer.kind === "busy") {
            expect(answer.waitMs).toBeGreaterThan(0);
            await nextTurn();
            continue;
          }
          computed += 1;
          for (let round = 0; round < 5; round++) await cache.begin("another", `caller-${index}`, flightMs);
          await cache.put("k", `caller-${index}`, { text: `by ${index}`, ttlMs });
        }
      }),
    );
    expect(computed).toBe(1);
    expect(new Set(results).size).toBe(1);
  });

  it("answers the same owner the same, and renews its flight", async () => {
    const { cache, clock, begin } = await open();
    expect(await begin("k", "a")).toEqual(mine);
    clock.advance(flightMs - 1);
    expect(await begin("k", "a")).toEqual(mine);
    clock.advance(flightMs - 1);
    expect(await begin("k", "b")).toMatchObject({ kind: "busy", waitMs: 1 });
    await cache.put("k", "a", { text: "done", ttlMs });
    expect(await begin("k", "b")).toEqual({ kind: "hit", result: "done" });
  });

  it("lets another begin when the first one gave up", async () => {
    const { cache, begin } = await open();
    await begin("k", "a");
    await cache.abandon("k", "b");
    expect(await begin("k", "b")).toMatchObject({ kind: "busy" });
    await cache.abandon("k", "a");
    expect(await begin("k", "b")).toEqual(mine);
    await cache.put("k", "b", { text: "b's", ttlMs });
    await cache.abandon("k", "b");
    expect(await begin("k", "c")).toEqual({ kind: "hit", result: "b's" });
  });

  it("lets a dead owner's flight lapse, and ignores what it puts afterwards", async () => {
    const { cache, clock, begin } = await open();
    await begin("k", "dead");
    clock.advance(flightMs - 1);
    expect(await begin("k", "next")).toMatchObject({ kind: "busy", waitMs: 1 });
    clock.advance(1);
    await cache.put("k", "dead", { text: "lapsed", ttlMs });
    expect(await begin("k", "next")).toEqual(mine);
    await cache.put("k", "dead", { text: "another's", ttlMs });
    await cache.put("k", "nobody", { text: "nobody's", ttlMs });
    await cache.abandon("k", "dead");
    expect(await begin("k", "third")).toMatchObject({ kind: "busy" });
    await cache.put("k", "next", { text: "next's", ttlMs });
    expect(await begin("k", "third")).toEqual({ kind: "hit", result: "next's" });
    await cache.put("k", "next", { text: "again", ttlMs });
    expect(await begin("k", "third")).toEqual({ kind: "hit", result: "next's" });
  });

  it("forgets a result when its time is over", async () => {
    const { cache, clock, begin } = await open();
    await begin("k");
    await cache.put("k", "a", { text: "old", ttlMs });
    clock.advance(ttlMs - 1);
    expect(await begin("k", "b")).toEqual({ kind: "hit", result: "old" });
    clock.advance(1);
    expect(await begin("k", "b")).toEqual(mine);
    expect(await begin("k", "c")).toMatchObject({ kind: "busy" });
    await cache.put("k", "b", { text: "new", ttlMs });
    expect(await begin("k", "c")).toEqual({ kind: "hit", result: "new" });
  });

  it.skipIf(kind === "sqlite")("has Redis itself drop results and flights (SQLite has no TTL)", async () => {
    const { cache, redisUrl, place, begin } = await open();
    await begin("done");
    await cache.put("done", "a", { text: "x", ttlMs });
    await begin("under way");
    const redis = new Redis(redisUrl ?? "");
    const [flight = ""] = await redis.keys(`${place}cache:flight:*`);
    const results = (await redis.keys(`${place}cache:*`)).filter((key) => /cache:[0-9a-f]{64}$/.test(key));
    expect(results).toHaveLength(1);
    expect(await redis.pttl(results[0] ?? "")).toBeGreaterThan(ttlMs - 10_000);
    expect(await redis.pttl(flight)).toBeGreaterThan(flightMs - 10_000);
    expect(await redis.pttl(flight)).toBeLessThanOrEqual(flightMs);
    await redis.quit();
  });

  it("does not keep a result that is too long, and lets the next one try", async () => {
    const { cache, begin } = await open();
    await begin("k", "a");
    await cache.put("k", "a", { text: "ä".repeat(maxCachedResultBytes / 2 + 1), ttlMs });
    expect(await begin("k", "b")).toEqual(mine);
  });

  it("beyond its number of results, the one that was not used for the longest time gives way", async () => {
    const { hits, fill } = await open({ cacheBounds: { maxCachedResults: 3 } });
    for (const key of ["a", "b", "c"]) await fill(key, key);
    expect(await hits("a")).toEqual(["a"]);
    await fill("d", "d");
    expect(await hits("b")).toEqual([]);
    expect(await hits("c", "d", "a")).toEqual(["c", "d", "a"]);
    for (let n = 0; n < 30; n++) await fill(`n${n}`, "x");
    expect(await hits("c", "d", "a", "n26", "n27", "n28", "n29")).toEqual(["n27", "n28", "n29"]);
  });

  it("beyond its bytes, those that were not used for the longest time give way", async () => {
    const { hits, fill } = await open({ cacheBounds: { maxCachedBytes: 1_000 } });
    for (const key of ["a", "b", "c", "d"]) await fill(key, "ä".repeat(125));
    expect(await hits("a", "b", "c", "d")).toEqual(["a", "b", "c", "d"]);
    await fill("e", "x");
    expect(await hits("a", "b", "c", "d", "e")).toEqual(["b", "c", "d", "e"]);
    await fill("f", "x".repeat(900));
    expect(await hits("b", "c", "d", "e", "f")).toEqual(["e", "f"]);
    await fill("g", "x".repeat(1_001));
    expect(await hits("e", "f", "g")).toEqual([]);
    for (const key of ["h", "i"]) await fill(key, "x".repeat(500));
    expect(await hits("h", "i")).toEqual(["h", "i"]);
  });

  it("gives the room of what lapsed to others", async () => {
    const { cache, clock, begin, fill, hits } = await open({ cacheBounds: { maxCachedResults: 4 } });
    await fill("kept", "x");
    for (const key of ["short 1", "short 2"]) {
      await begin(key);
      await cache.put(key, "a", { text: "x", ttlMs: 60_000 });
    }
    clock.advance(59_997);
    expect(await hits("short 1", "short 2")).toEqual(["short 1", "short 2"]);
    clock.advance(1);
    for (const key of ["new 1", "new 2", "new 3"]) await fill(key, "x");
    expect(await hits("kept", "new 1", "new 2", "new 3")).toEqual(["kept", "new 1", "new 2", "new 3"]);
  });

  it("drops at most a hundred at a time, those that lapsed included", async () => {
    const { clock, place, stores, fill } = await open();
    const all = Array.from({ length: 150 }, (_, n) => `k${n}`);
    for (const [n, key] of all.entries()) await fill(key, "x", n < 60 ? 10_000 : ttlMs);
    await stores.close();
    clock.advance(10_000);
    const small = await open({ clock, place, cacheBounds: { maxCachedResults: 10 } });
    await small.fill("one", "x");
    expect(await small.hits(...all)).toEqual(all.slice(100));
    await small.fill("two", "x");
    expect(await small.hits(...all)).toEqual(all.slice(141));
  });

  it("keeps results when the store is opened again", async () => {
    const { clock, place, stores, fill } = await open();
    await fill("k", "kept");
    await stores.close();
    const again = await open({ clock, place });
    expect(await again.begin("k")).toEqual({ kind: "hit", result: "kept" });
  });

  describe("those that are parked for a result", () => {
    async function waiting(count: number) {
      const opened = await openStores();
      const { cache } = opened.stores;
      const driver = new TaskDriver(opened);
      expect(await cache.begin("k", "flyer", flightMs)).toEqual(mine);
      const ids: string[] = [];
      const join = async () => {
        await driver.enqueue();
        const attempt = await driver.claimOne();
        const answer = await cache.begin("k", attempt.id, flightMs);
        if (answer.kind !== "busy") throw new Error(`Nobody computes it: ${answer.kind}.`);
        ids.push(attempt.id);
        return () =>
          driver.settle(attempt, park(answer.waitMs, { name: answer.waitsFor, why: "It is computed." }));
      };
      for (let n = 0; n < count; n++) await (await join())();
      const dues = async () => {
        const tasks = await Promise.all(ids.map((id) => driver.task(id)));
        return tasks.map(({ retryAfterAt, state }) =>
          state === "SCHEDULED" ? (retryAfterAt ?? 0) - opened.clock.now() : state,
        );
      };
      return { ...opened, cache, driver, ids, join, dues };
    }

    it.skipIf(isPartitioned)(
      "come when its flight has lapsed, one after another (each partition has a line of its own)",
      async () => {
        const { driver, dues, ids } = await waiting(3);
        expect(await dues()).toEqual([flightMs, flightMs + 20, flightMs + 40]);
        const task = await driver.task(ids[0] ?? "");
        expect(task).toMatchObject({
          parkedWhy: "It is computed.",
          parkedFor: expect.stringMatching(/^cache:\w{64}$/),
        });
        expect(await driver.tasks.promote(100)).toEqual({ promoted: 0, nextDueInMs: flightMs });
      },
    );

    it.skipIf(isPartitioned)(
      "come at once when it is there, some at a time (each partition has a line of its own)",
      async () => {
        const { cache, driver, dues } = await waiting(8);
        await cache.put("k", "flyer", { text: "x", ttlMs });
        expect(await driver.tasks.promote(5)).toEqual({ promoted: 0, nextDueInMs: 0 });
        expect(await driver.tasks.promote(5)).toEqual({ promoted: 5, nextDueInMs: 0 });
        await driver.tasks.promote(5);
        expect(await driver.tasks.promote(5)).toEqual({ promoted: 3, nextDueInMs: null });
        expect(new Set(await dues())).toEqual(new Set(["PENDING"]));
      },
    );

    it.skipIf(isPartitioned)(
      "go on waiting when it was given up, but for the first, who computes it next (each partition has a line of its own)",
      async () => {
        const { cache, driver, dues, ids, clock } = await waiting(3);
        clock.advance(1_000);
        await cache.abandon("k", "flyer");
        expect((await driver.tasks.promote(100)).promoted).toBe(1);
        expect(await dues()).toEqual(["PENDING", flightMs - 980, flightMs - 960]);
        expect(await cache.begin("k", ids[0] ?? "", flightMs)).toEqual(mine);
        await cache.put("k", ids[0] ?? "", { text: "x", ttlMs });
        await driver.tasks.promote(100);
        expect((await driver.tasks.promote(100)).promoted).toBe(2);
      },
    );

    it.skipIf(isPartitioned)(
      "wait for the flight of now, as soon as one came in vain (each partition has a line of its own)",
      async () => {
        const { cache, driver, dues, join, clock } = await waiting(3);
        clock.advance(20_000);
        await cache.abandon("k", "flyer");
        await cache.begin("k", "next", flightMs);
        await driver.tasks.promote(100);
        await (await join())();
        await driver.tasks.promote(100);
        // The first was woken, came in vain and stands last now.
        expect(await dues()).toEqual([flightMs + 40, flightMs, flightMs + 20, flightMs + 40]);
      },
    );

    it.each(["put", "abandoned"])("come at once when it was %s before they were parked", async (how) => {
      const { cache, driver, dues, join } = await waiting(0);
      const settle = await join();
      if (how === "put") await cache.put("k", "flyer", { text: "x", ttlMs });
      else await cache.abandon("k", "flyer");
      await settle();
      await driver.tasks.promote(100);
      expect(await dues()).toEqual(["PENDING"]);
    });

    it.skipIf(isPartitioned)(
      "are woken when the program that computed it has ended (each partition has a line of its own)",
      async () => {
        const { driver, clock, place, stores, ids } = await waiting(2);
        await stores.close();
        const again = await openStores({ clock, place });
        if (kind === "redis") clock.advance(flightMs);
        await again.tasks.promote(100);
        await again.tasks.promote(100);
        const states = await Promise.all(ids.map(async (id) => (await again.tasks.get(id))?.state));
        expect(states).toEqual(["PENDING", "SCHEDULED"]);
        expect(driver.clock).toBe(clock);
      },
    );
  });
});

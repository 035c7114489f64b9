import { type Lease, maxStepsBytes, stepsKeptMs } from "@workstream/core";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { newTask } from "../new-task.ts";
import { describeStores } from "../store-fixture.ts";
import { complete, failed, otherWorkerId, park, release, TaskDriver, workerId } from "../task-driver.ts";

const megabyte = 1024 * 1024;

describeStores("steps", (openStores, kind, isPartitioned) => {
  const open = async () => {
    const opened = await openStores();
    const { steps } = opened.stores;
    const driver = new TaskDriver(opened);
    const write = (lease: Lease, name: string, value: string) =>
      steps.write(workerId, lease, { name, value });
    const start = async () => {
      await driver.enqueue();
      return driver.claimOne();
    };
    return { ...opened, steps, driver, write, start };
  };

  it("remembers values by name, whatever is in them", async () => {
    const { tasks, steps, write, start } = await open();
    const lease = await start();
    const values = new Map([
      ["page 1", '{"text":"Grüße 🙂"}'],
      ["page:2", ""],
      ["nul \0 name", "nul \0 value"],
      ["__proto__", "not a prototype"],
      ["17", "a name that is a number"],
      ["long", "日本 ".repeat(200_000)],
    ]);
    for (const [name, value] of values) expect(await write(lease, name, value)).toBe("written");
    const read = await steps.read(lease.id);
    expect(new Set(read.keys())).toEqual(new Set(values.keys()));
    for (const [name, value] of values) expect(read.get(name) === value).toBe(true);
    expect(await steps.read(tasks.mintId())).toEqual(new Map());
  });

  it("replaces a value that is written again, and keeps tasks apart", async () => {
    const { steps, write, start } = await open();
    const [one, other] = [await start(), await start()];
    await write(one, "a", "first");
    await write(one, "a", "x".repeat(600_000));
    await write(one, "a", "last");
    await write(other, "a", "other's");
    expect(await steps.read(one.id)).toEqual(new Map([["a", "last"]]));
    expect(await steps.read(other.id)).toEqual(new Map([["a", "other's"]]));
  });

  it("needs a name", async () => {
    const { steps, write, start } = await open();
    const lease = await start();
    await expect(write(lease, "", "x")).rejects.toMatchObject({ code: "invalid_input" });
    expect(await steps.read(lease.id)).toEqual(new Map());
  });

  it("is there for the next attempt, however the one before ended", async () => {
    const { tasks, steps, driver, write, start } = await open();
    let lease: Lease = await start();
    const { id } = lease;
    const expected = new Map<string, string>();
    for (const settlement of [
      failed({ to: "SCHEDULED", delayMs: 0 }),
      park(0),
      release,
      failed({ to: "DLQ" }),
    ]) {
      const name = `step ${expected.size}`;
      await write(lease, name, "done");
      expected.set(name, "done");
      await driver.settle(lease, settlement);
      await tasks.promote(10);
      await tasks.retry(id, { resetRetryCount: true });
      lease = await driver.claimOne();
      expect(await steps.read(id)).toEqual(expected);
    }
  });

  it("is refused to whoever does not hold the lease", async () => {
    const { tasks, steps, driver, write, start } = await open();
    const lease = await start();
    expect(await steps.write(otherWorkerId, lease, { name: "a", value: "no" })).toBe("lease_lost");
    expect(await write({ ...lease, token: "1" }, "a", "no")).toBe("lease_lost");
    expect(await write({ id: tasks.mintId(), token: lease.token }, "a", "no")).toBe("lease_lost");
    expect(await write({ ...lease, token: "1" }, "long", "x".repeat(megabyte))).toBe("lease_lost");
    await driver.settle(lease, failed({ to: "FAILED" }));
    const cancelled = await start();
    await tasks.cancel(cancelled.id, "");
    const deleted = await start();
    await tasks.delete(deleted.id);
    for (const late of [lease, cancelled, deleted]) {
      expect(await write(late, "a", "too late")).toBe("lease_lost");
      expect(await steps.read(late.id)).toEqual(new Map());
    }
  });

  it("is refused to a worker that was lost, and kept for the next one", async () => {
    const { steps, driver, write, start } = await open();
    await driver.warmReaper();
    const lost = await start();
    await write(lost, "a", "kept");
    await driver.loseWorkers();
    const next = await driver.claimOne({ workerId: otherWorkerId });
    expect(await write(lost, "a", "changed")).toBe("lease_lost");
    expect(await steps.write(otherWorkerId, next, { name: "b", value: "new" })).toBe("written");
    expect(await steps.read(lost.id)).toEqual(new Map(Object.entries({ a: "kept", b: "new" })));
  });

  it("holds 16 MB of names and values to the byte, and no more", async () => {
    const { steps, write, start } = await open();
    const lease = await start();
    const quarter = "ä".repeat(maxStepsBytes / 8 - 1);
    for (const name of ["é1", "é2"]) {
      expect(await write(lease, name, `${quarter.slice(0, -1)}x`)).toBe("written");
    }
    const rest = maxStepsBytes / 2 - 2;
    expect(await write(lease, "c3", "x".repeat(rest + 1))).toBe("full");
    expect(new Set((await steps.read(lease.id)).keys())).toEqual(new Set(["é1", "é2"]));
    expect(await write(lease, "c3", "x".repeat(rest))).toBe("written");
    expect(await write(lease, "d", "")).toBe("full");
    expect(await write(lease, "c3", "x".repeat(rest - 1))).toBe("written");
    expect(await write(lease, "d", "")).toBe("written");
    expect(await write(lease, "d", "x")).toBe("full");
    expect((await steps.read(lease.id)).get("d")).toBe("");
    expect(await write(await start(), "a", "x".repeat(maxStepsBytes))).toBe("full");
    expect(await write(await start(), "a", "x".repeat(maxStepsBytes - 1))).toBe("written");
  });

  it("keeps its sum whatever is written", async () => {
    const { steps, write, start } = await open();
    const lease = await start();
    const expected = new Map<string, string>();
    for (let round = 0; round < 120; round++) {
      const name = `s${round % 7}`;
      const value = "z".repeat((round * 1_234_577) % (4 * megabyte));
      const others = [...expected].filter(([known]) => known !== name);
      const bytes = others.reduce((sum, [known, text]) => sum + known.length + text.length, 0);
      const hasRoom = bytes + name.length + value.length <= maxStepsBytes;
      expect(await write(lease, name, value)).toBe(hasRoom ? "written" : "full");
      if (hasRoom) expected.set(name, value);
    }
    const read = await steps.read(lease.id);
    expect(read.size).toBe(7);
    for (const [name, value] of expected) expect(read.get(name) === value).toBe(true);
  }, 60_000);

  it("takes the same write twice, and many at once", async () => {
    const { steps, write, start } = await open();
    const lease = await start();
    const many = Array.from({ length: 200 }, (_, index) => [`page ${index}`, `${index}`] as const);
    const outcomes = await Promise.all([...many, ...many].map(([name, value]) => write(lease, name, value)));
    expect(new Set(outcomes)).toEqual(new Set(["written"]));
    expect(await steps.read(lease.id)).toEqual(new Map(many));
  });

  it("is forgotten when the task completed, and goes with the task", async () => {
    const { tasks, steps, driver, clock, write, start } = await open();
    const [forgotten, deleted, pruned] = [await start(), await start(), await start()];
    for (const lease of [forgotten, deleted, pruned]) {
      await write(lease, "long", "x".repeat(megabyte));
      await write(lease, "short", "y");
      await driver.settle(lease, complete);
    }
    await steps.forget(forgotten.id);
    await steps.forget(forgotten.id);
    expect(await steps.read(forgotten.id)).toEqual(new Map());
    expect((await steps.read(pruned.id)).size).toBe(2);
    await tasks.delete(deleted.id);
    clock.advance(1);
    const gone = { maxAgeMs: 0, maxCount: 0 };
    await tasks.prune({ COMPLETED: gone, FAILED: gone, DLQ: gone, CANCELLED: gone }, 200);
    for (const { id } of [deleted, pruned]) {
      expect(await steps.read(id)).toEqual(new Map());
      await tasks.enqueue(newTask(id));
      const lease = await driver.claimOne();
      await write(lease, "new", "z");
      expect(await steps.read(id)).toEqual(new Map([["new", "z"]]));
      expect(await write(lease, "all", "x".repeat(maxStepsBytes - 7))).toBe("written");
    }
  });

  it.skipIf(kind === "sqlite" || isPartitioned)(
    "lapses a week after the last step (a TTL; SQLite has none)",
    async () => {
      const { redisUrl, place, write, start } = await open();
      const lease = await start();
      await write(lease, "a", "1");
      const redis = new Redis(redisUrl ?? "", { keyPrefix: place });
      await redis.pexpire(`steps:${lease.id}`, 1_000_000);
      await write(lease, "b", "2");
      const ttlMs = await redis.pttl(`steps:${lease.id}`);
      expect(ttlMs).toBeGreaterThan(stepsKeptMs - 10_000);
      expect(ttlMs).toBeLessThanOrEqual(stepsKeptMs);
      await redis.quit();
    },
  );

  it.skipIf(kind === "redis")(
    "lapses a week after the last step (on Redis a TTL does it, on the server's own clock)",
    async () => {
      const { steps, clock, write, start } = await open();
      const lease = await start();
      await write(lease, "a", "1");
      clock.advance(stepsKeptMs - 1);
      await write(lease, "b", "2");
      clock.advance(stepsKeptMs - 1);
      expect((await steps.read(lease.id)).size).toBe(2);
      clock.advance(1);
      expect(await steps.read(lease.id)).toEqual(new Map());
      await write(lease, "c", "3");
      expect(await steps.read(lease.id)).toEqual(new Map([["c", "3"]]));
    },
  );
});

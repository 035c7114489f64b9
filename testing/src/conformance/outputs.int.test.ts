import {
  type Lease,
  maxOutputBytes,
  maxOutputEntries,
  type NewOutput,
  type OutputEntry,
  outputKeptMs,
} from "@workstream/core";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { newTask } from "../new-task.ts";
import { describeStores } from "../store-fixture.ts";
import {
  complete,
  failed,
  otherWorkerId,
  park,
  release,
  snooze,
  TaskDriver,
  workerId,
} from "../task-driver.ts";
import { until } from "../until.ts";

const reset: NewOutput = { kind: "reset", text: "" };

function said(...texts: string[]): NewOutput[] {
  return texts.map((text) => ({ kind: "output", text }));
}

function numbers(entries: readonly OutputEntry[]): number[] {
  return entries.map(({ number }) => number);
}

describeStores("outputs", (openStores, kind, isPartitioned) => {
  const open = async () => {
    const opened = await openStores();
    const { outputs } = opened.stores;
    const driver = new TaskDriver(opened);
    const say = (lease: Lease, ...entries: NewOutput[]) => outputs.append(workerId, lease, entries);
    const start = async () => {
      await driver.enqueue();
      return driver.claimOne();
    };
    return { ...opened, outputs, driver, say, start };
  };

  it("keeps what an attempt says, in order, with its number and the store's time", async () => {
    const { outputs, clock, say, start } = await open();
    const lease = await start();
    const texts = ["Grüße, 世界 🙂", "a\0b", '"quoted"\n\u2028 \u007f', "", "text", "at"];
    expect(await say(lease, reset, ...said(...texts.slice(0, 2)))).toBe("appended");
    const firstAt = clock.now();
    clock.advance(250);
    expect(await say(lease, ...said(...texts.slice(2)))).toBe("appended");
    expect(await outputs.read(lease.id, 0)).toEqual([
      { number: 1, kind: "reset", text: "", at: firstAt },
      ...texts.map((text, index) => ({
        number: index + 2,
        kind: "output",
        text,
        at: index < 2 ? firstAt : firstAt + 250,
      })),
    ]);
  });

  it("reads from a number on, and nothing of a task that said nothing or is not there", async () => {
    const { tasks, outputs, say, start } = await open();
    const lease = await start();
    expect(await outputs.read(lease.id, 0)).toEqual([]);
    await say(lease, ...said("a", "b", "c"));
    expect(numbers(await outputs.read(lease.id, 1))).toEqual([2, 3]);
    expect(await outputs.read(lease.id, 3)).toEqual([]);
    expect(await outputs.read(lease.id, 1_000)).toEqual([]);
    expect(await outputs.read(tasks.mintId(), 0)).toEqual([]);
  });

  it("says nothing when there is nothing to say", async () => {
    const { outputs, say, start } = await open();
    const lease = await start();
    expect(await say(lease)).toBe("appended");
    expect(await outputs.read(lease.id, 0)).toEqual([]);
  });

  it("numbers on across attempts, however the one before ended", async () => {
    const { tasks, outputs, driver, say, start } = await open();
    let lease: Lease = await start();
    const { id } = lease;
    await say(lease, reset, ...said("1"));
    for (const settlement of [failed({ to: "SCHEDULED", delayMs: 0 }), snooze(0), park(0), release]) {
      await driver.settle(lease, settlement);
      await tasks.promote(10);
      lease = await driver.claimOne();
      await say(lease, reset, ...said("again"));
    }
    await driver.settle(lease, failed({ to: "DLQ" }));
    await tasks.retry(id, { resetRetryCount: true });
    lease = await driver.claimOne();
    await say(lease, reset);
    const entries = await outputs.read(id, 0);
    expect(numbers(entries)).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
    expect(entries.map(({ kind }) => kind).join(" ")).toBe(`${"reset output ".repeat(5)}reset`);
  });

  it("is refused to whoever does not hold the lease", async () => {
    const { tasks, outputs, driver, say, start } = await open();
    const lease = await start();
    expect(await outputs.append(otherWorkerId, lease, said("no"))).toBe("lease_lost");
    expect(await say({ ...lease, token: "1" }, ...said("no"))).toBe("lease_lost");
    expect(await say({ id: tasks.mintId(), token: lease.token }, ...said("no"))).toBe("lease_lost");
    expect(await outputs.read(lease.id, 0)).toEqual([]);

    await driver.settle(lease, complete);
    expect(await say(lease, ...said("too late"))).toBe("lease_lost");
    const cancelled = await start();
    await tasks.cancel(cancelled.id, "");
    expect(await say(cancelled, ...said("too late"))).toBe("lease_lost");
    const deleted = await start();
    await tasks.delete(deleted.id);
    expect(await say(deleted, ...said("too late"))).toBe("lease_lost");
    for (const { id } of [lease, cancelled, deleted]) expect(await outputs.read(id, 0)).toEqual([]);
  });

  it("is refused to a worker that was lost, and belongs to the next one", async () => {
    const { outputs, driver, say, start } = await open();
    await driver.warmReaper();
    const lost = await start();
    await say(lost, reset, ...said("half a sen"));
    await driver.loseWorkers();
    const next = await driver.claimOne({ workerId: otherWorkerId });
    expect(await say(lost, ...said("tence"))).toBe("lease_lost");
    expect(await outputs.append(otherWorkerId, next, [reset])).toBe("appended");
    expect((await outputs.read(lost.id, 0)).map(({ text }) => text)).toEqual(["", "half a sen", ""]);
  });

  it("keeps the newest thousand entries", async () => {
    const { outputs, say, start } = await open();
    const lease = await start();
    const many = (count: number) => said(...Array.from({ length: count }, (_, index) => `${index}`));
    await say(lease, ...many(maxOutputEntries));
    expect(numbers(await outputs.read(lease.id, 0)).at(0)).toBe(1);
    await say(lease, ...said("one more"));
    expect(await outputs.read(lease.id, 0)).toHaveLength(maxOutputEntries);
    expect(numbers(await outputs.read(lease.id, 0)).at(0)).toBe(2);
    await say(lease, ...many(2_345));
    const entries = await outputs.read(lease.id, 0);
    expect(numbers(entries)).toEqual(Array.from({ length: maxOutputEntries }, (_, index) => index + 2_347));
  });

  it("keeps the newest 256 kB of text, to the byte", async () => {
    const { outputs, say, start } = await open();
    const lease = await start();
    const sixteenth = "ä".repeat(maxOutputBytes / 32);
    await say(lease, ...said(...Array.from({ length: 16 }, () => sixteenth)));
    expect(numbers(await outputs.read(lease.id, 0)).at(0)).toBe(1);
    await say(lease, ...said(""));
    expect(numbers(await outputs.read(lease.id, 0)).at(0)).toBe(1);
    await say(lease, ...said("x"));
    expect(numbers(await outputs.read(lease.id, 0)).at(0)).toBe(2);
    await say(lease, ...said(sixteenth.slice(1), "x"));
    expect(numbers(await outputs.read(lease.id, 0)).at(0)).toBe(2);
    await say(lease, ...said("x"));
    expect(numbers(await outputs.read(lease.id, 0)).at(0)).toBe(3);
    await say(lease, ...said(...Array.from({ length: 40 }, () => sixteenth)));
    expect(numbers(await outputs.read(lease.id, 0))).toHaveLength(16);
  });

  it("holds to both bounds whatever is said", async () => {
    const { outputs, say, start } = await open();
    const lease = await start();
    const all: string[] = [];
    for (let round = 0; round < 60; round++) {
      const texts = Array.from({ length: 1 + ((round * 7) % 90) }, (_, index) =>
        "é".repeat((round * 131 + index * 977) % (round % 3 === 0 ? 9_000 : 40)),
      );
      all.push(...texts);
      await say(lease, ...said(...texts));
      const entries = await outputs.read(lease.id, 0);
      expect(entries.at(-1)?.number).toBe(all.length);
      const kept = all.slice(-entries.length);
      expect(entries.map(({ text }) => text)).toEqual(kept);
      const bytes = (texts: readonly string[]) => Buffer.byteLength(texts.join(""));
      expect(bytes(kept)).toBeLessThanOrEqual(maxOutputBytes);
      const hasRoom = kept.length < Math.min(all.length, maxOutputEntries);
      if (hasRoom) expect(bytes(all.slice(-entries.length - 1))).toBeGreaterThan(maxOutputBytes);
    }
  });

  it("parts a text that is too long for one entry", async () => {
    const { outputs, say, start } = await open();
    const lease = await start();
    const text = `x${"🙂".repeat(25_000)}`;
    await say(lease, { kind: "reset", text });
    const entries = await outputs.read(lease.id, 0);
    expect(entries.map((entry) => entry.text).join("")).toBe(text);
    expect(entries.map((entry) => entry.kind)).toEqual([
      "reset",
      ...Array(entries.length - 1).fill("output"),
    ]);
    const longer = "y".repeat(3 * maxOutputBytes);
    await say(lease, ...said(longer));
    const tail = (await outputs.read(lease.id, 0)).map((entry) => entry.text).join("");
    expect(longer.endsWith(tail)).toBe(true);
    expect(tail.length).toBeGreaterThan(maxOutputBytes - 10_000);
  });

  it("tells subscribers what is said, each of their own task", async () => {
    const { outputs, say, start } = await open();
    const [mine, other] = [await start(), await start()];
    const told: OutputEntry[] = [];
    const { close } = await outputs.subscribe(mine.id, {
      onEntries: (entries) => told.push(...entries),
      onGap() {},
    });
    await say(other, ...said("not for you"));
    await say(mine, reset, ...said("ä\0🙂", "b"));
    await until("the entries", () => told.length >= 3);
    expect(told).toEqual(await outputs.read(mine.id, 0));
    await close();
    await say(mine, ...said("c"));
    const again: OutputEntry[] = [];
    const second = await outputs.subscribe(mine.id, {
      onEntries: (entries) => again.push(...entries),
      onGap() {},
    });
    await say(mine, ...said("d"));
    await until("an entry", () => again.length > 0);
    expect(again.map(({ text }) => text)).toEqual(["d"]);
    expect(told).toHaveLength(3);
    await second.close();
  });

  it("leaves no gap between what is read and what is told", async () => {
    const { outputs, say, start } = await open();
    const lease = await start();
    const total = 300;
    const talking = (async () => {
      for (let n = 1; n <= total; n += 3) await say(lease, ...said(`${n}`, `${n + 1}`, `${n + 2}`));
    })();
    const listeners = await Promise.all(
      Array.from({ length: 5 }, async (_, index) => {
        await until("its turn", async () => (await outputs.read(lease.id, 0)).length >= index * 20);
        const early: OutputEntry[] = [];
        const { close } = await outputs.subscribe(lease.id, {
          onEntries: (entries) => early.push(...entries),
          onGap() {},
        });
        const read = await outputs.read(lease.id, 0);
        return { early, read, close };
      }),
    );
    await talking;
    for (const { early, read, close } of listeners) {
      const last = read.at(-1)?.number ?? 0;
      await until("the last entry", () => Math.max(last, early.at(-1)?.number ?? 0) === total);
      const all = [...read, ...early.filter(({ number }) => number > last)];
      expect(numbers(all)).toEqual(Array.from({ length: total }, (_, index) => index + 1));
      expect(all.every(({ number, text }) => text === `${number}`)).toBe(true);
      await close();
    }
  });

  it("stays with a task that came to rest, and goes with it", async () => {
    const { tasks, outputs, driver, clock, say, start } = await open();
    const [deleted, pruned] = [await start(), await start()];
    for (const lease of [deleted, pruned]) {
      await say(lease, ...said("x".repeat(10_000), "y"));
      await driver.settle(lease, complete);
      expect(numbers(await outputs.read(lease.id, 0))).toEqual([1, 2]);
    }
    await tasks.delete(deleted.id);
    clock.advance(1);
    const gone = { maxAgeMs: 0, maxCount: 0 };
    await tasks.prune({ COMPLETED: gone, FAILED: gone, DLQ: gone, CANCELLED: gone }, 200);
    for (const { id } of [deleted, pruned]) {
      expect(await outputs.read(id, 0)).toEqual([]);
      await tasks.enqueue(newTask(id));
      await say(await driver.claimOne(), ...said("anew"));
      expect(numbers(await outputs.read(id, 0))).toEqual([1]);
    }
  });

  it.skipIf(kind === "sqlite" || isPartitioned)(
    "lapses a week after the last entry (a TTL; SQLite has none)",
    async () => {
      const { redisUrl, place, say, start } = await open();
      const lease = await start();
      await say(lease, ...said("a"));
      const redis = new Redis(redisUrl ?? "", { keyPrefix: place });
      await redis.pexpire(`output:${lease.id}`, 1_000_000);
      await say(lease, ...said("b"));
      const ttlMs = await redis.pttl(`output:${lease.id}`);
      expect(ttlMs).toBeGreaterThan(outputKeptMs - 10_000);
      expect(ttlMs).toBeLessThanOrEqual(outputKeptMs);
      await redis.quit();
    },
  );

  it.skipIf(kind === "redis")(
    "lapses a week after the last entry (on Redis a TTL does it, on the server's own clock)",
    async () => {
      const { tasks, outputs, clock, say, start } = await open();
      const lease = await start();
      await say(lease, ...said("a"));
      clock.advance(outputKeptMs - 1);
      await say(lease, ...said("b"));
      clock.advance(outputKeptMs - 1);
      expect(numbers(await outputs.read(lease.id, 0))).toEqual([1, 2]);
      clock.advance(1);
      expect(await outputs.read(lease.id, 0)).toEqual([]);
      await say(lease, ...said("c"));
      expect(numbers(await outputs.read(lease.id, 0))).toEqual([1]);
      clock.advance(outputKeptMs);
      const all = { maxAgeMs: 1e12, maxCount: 1e6 };
      await tasks.prune({ COMPLETED: all, FAILED: all, DLQ: all, CANCELLED: all }, 200);
      clock.advance(-outputKeptMs);
      expect(await outputs.read(lease.id, 0)).toEqual([]);
    },
  );
});

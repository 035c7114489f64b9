/** Ids in the middle of a list that is too long for LREM (lua/lib/lists.lua). */
import { defaultRetention, type Stores, type TaskListQuery } from "@workstream/core";
import { claimRequest, failed, newTask, release, workerId } from "@workstream/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { type RedisKeys, redisKeys } from "./keys.ts";
import { freshPrefix, useRedis } from "./redis-test.fixture.ts";

const redis = useRedis();
const longerThanLrem = 21_500;

let stores: Stores;
let keys: RedisKeys;
/** Ids as they were enqueued; those around the middle are far from both ends. */
let ids: string[];
const middle = 10_000;

beforeEach(async () => {
  const prefix = freshPrefix();
  keys = redisKeys(prefix);
  stores = await redis.open({ prefix });
  const tasks = Array.from({ length: longerThanLrem }, () => newTask(stores.tasks.mintId()));
  for (let at = 0; at < tasks.length; at += 10_000)
    await stores.tasks.enqueueBatch(tasks.slice(at, at + 10_000));
  ids = tasks.map(({ id }) => id);
});

const idAt = (index: number) => ids[index] ?? "";
const marksOf = (list: string) => redis.raw.smembers(`${list}:removed`);

/** Claims from the head until `id` comes, and settles nothing. */
async function claimUntil(id: string): Promise<string[]> {
  const claimed: string[] = [];
  while (!claimed.includes(id)) {
    const some = await stores.tasks.claim(claimRequest({ queues: { primary: 1_000 }, limit: 1_000 }));
    if (some.length === 0) break;
    claimed.push(...some.map((task) => task.id));
  }
  return claimed;
}

const pending: TaskListQuery = {
  filter: { state: "PENDING" },
  sortBy: "created_at",
  sortOrder: "asc",
  position: { offset: middle - 2 },
  limit: 4,
  withBodies: false,
};

describe("a task taken from the middle of a long lane", () => {
  beforeEach(async () => {
    expect(await stores.tasks.cancel(idAt(middle), "")).toMatchObject({ outcome: "done", from: "PENDING" });
  });

  it("is marked, and counts and is listed no longer", async () => {
    expect(await marksOf(keys.primary)).toEqual([idAt(middle)]);
    const status = await stores.tasks.status();
    expect(status.states).toMatchObject({ PENDING: longerThanLrem - 1, CANCELLED: 1 });
    expect(status.queues.primary).toBe(longerThanLrem - 1);
    const page = await stores.tasks.list(pending);
    expect(page.total).toBe(longerThanLrem - 1);
    expect(page.tasks.map(({ id }) => id)).toEqual(
      [middle - 2, middle - 1, middle + 1, middle + 2].map(idAt),
    );
    expect(await stores.tasks.queueTaskIds("primary", middle + 10)).not.toContain(idAt(middle));
  });

  it("is no head of a lane, and stands before nobody", async () => {
    await redis.raw.ltrim(keys.primary, middle, -1);
    const task = await stores.tasks.get(idAt(middle + 1));
    const [primary] = (await stores.tasks.queueOverview()).queues;
    expect(primary?.oldestWaitingAt).toBe(task?.updatedAt);
    expect(primary?.lanes.normal).toBe(longerThanLrem - middle - 1);
    expect(await stores.tasks.linePosition(idAt(middle + 1))).toBe(0);
    expect(await stores.tasks.linePosition(idAt(middle + 3))).toBe(2);
  });

  it("is passed over by the claim that meets it, and its mark goes", async () => {
    const claimed = await claimUntil(idAt(middle + 1));
    expect(claimed).not.toContain(idAt(middle));
    expect(claimed).toContain(idAt(middle + 1));
    expect(await marksOf(keys.primary)).toEqual([]);
    expect((await stores.tasks.status()).states.PENDING).toBe(longerThanLrem - 1 - claimed.length);
  });

  it("comes back whole when it is handed back to the head of that lane", async () => {
    await stores.tasks.retry(idAt(middle), { resetRetryCount: false });
    const claimed = await stores.tasks.claim(claimRequest({ queues: { primary: 10 }, limit: 10 }));
    const again = claimed.find(({ id }) => id === idAt(middle));
    expect(again).toBeDefined();
    const { id, token } = again ?? { id: "", token: "" };
    await stores.tasks.settle(workerId, [{ id, token, settlement: release }]);
    expect(await stores.tasks.queueTaskIds("primary", 1)).toEqual([id]);
    expect(await marksOf(keys.primary)).toEqual([]);
    expect(await redis.raw.lpos(keys.primary, id, "COUNT", 0)).toEqual([0]);
    const head = await stores.tasks.claim(claimRequest({ limit: 1 }));
    expect(head.map((task) => task.id)).toEqual([id]);
    expect(await claimUntil(id)).not.toContain(id);
  });
});

describe("a marked task that the head of its lane has come to", () => {
  it("is dropped when another one is marked", async () => {
    await stores.tasks.cancel(idAt(1_100), "");
    expect(await marksOf(keys.primary)).toEqual([idAt(1_100)]);
    await redis.raw.ltrim(keys.primary, 1_100, -1);
    await stores.tasks.cancel(idAt(middle), "");
    expect(await marksOf(keys.primary)).toEqual([idAt(middle)]);
    expect(await redis.raw.lindex(keys.primary, 0)).toBe(idAt(1_101));
    expect((await stores.tasks.status()).queues.primary).toBe(longerThanLrem - 1_100 - 2);
  });
});

describe("near the ends of a long lane", () => {
  it("a task is simply taken out", async () => {
    await stores.tasks.cancel(idAt(5), "");
    await stores.tasks.delete(idAt(longerThanLrem - 5));
    expect(await marksOf(keys.primary)).toEqual([]);
    expect(await redis.raw.llen(keys.primary)).toBe(longerThanLrem - 2);
  });
});

/** More entries than one script may look through for those that come back. */
async function lengthen(list: string): Promise<number> {
  const more = Array.from({ length: 10_000 }, (_, n) => `filler-${n}`);
  for (let times = 0; times < 9; times += 1) await redis.raw.rpush(list, ...more);
  return longerThanLrem + 90_000;
}

/** How often the server searched a whole list. */
async function searches(): Promise<number> {
  const [, calls = "0"] = /cmdstat_lrem:calls=(\d+)/.exec(await redis.raw.info("commandstats")) ?? [];
  return Number(calls);
}

describe("a task that comes back to a very long lane", () => {
  it("has its old place again, and nothing is searched for it", async () => {
    await stores.tasks.cancel(idAt(middle), "");
    const length = await lengthen(keys.primary);
    await stores.tasks.retry(idAt(middle), { resetRetryCount: false });
    const claimed = await stores.tasks.claim(claimRequest({ queues: { primary: 10 }, limit: 10 }));
    const attempts = claimed.map(({ id, token }) => ({ id, token, settlement: release }));
    const before = await searches();
    await stores.tasks.settle(workerId, attempts);
    expect(await searches()).toBe(before);
    expect(claimed.map(({ id }) => id)).toContain(idAt(middle));
    expect(await marksOf(keys.primary)).toEqual([]);
    expect(await redis.raw.lpos(keys.primary, idAt(middle), "COUNT", 0)).toEqual([middle]);
    expect((await stores.tasks.status()).queues.primary).toBe(length);
    const again = await claimUntil(idAt(middle + 1));
    expect(again.filter((id) => id === idAt(middle))).toHaveLength(1);
  });
});

describe("a dead letter that was retried and died again", () => {
  const dead = () => ids.slice(middle, middle + 5);

  beforeEach(async () => {
    await redis.raw.rename(keys.primary, keys.dlq);
    const pipeline = redis.raw.pipeline();
    for (const id of dead()) pipeline.hset(keys.task(id), "state", "DLQ", "completed_at", 1);
    await pipeline.exec();
  });

  async function dieAgain(some: readonly string[]): Promise<void> {
    for (const id of some) await stores.tasks.retry(id, { resetRetryCount: true });
    expect((await marksOf(keys.dlq)).toSorted()).toEqual(some.toSorted());
    const newest = await stores.tasks.deadLetters(3);
    expect(newest.map(({ id }) => id)).not.toContain(some[0]);
    const claimed = await stores.tasks.claim(claimRequest());
    expect(claimed.map(({ id }) => id)).toEqual(some);
    const settlement = failed({ to: "DLQ" });
    await stores.tasks.settle(
      workerId,
      claimed.map(({ id, token }) => ({ id, token, settlement })),
    );
    expect(await marksOf(keys.dlq)).toEqual([]);
    for (const id of some) expect(await redis.raw.lpos(keys.dlq, id, "COUNT", 0)).toHaveLength(1);
  }

  it("stands in the list once, as the newest", async () => {
    const [first = ""] = dead();
    await dieAgain([first]);
    expect((await stores.tasks.deadLetters(1)).map(({ id }) => id)).toEqual([first]);
    expect((await stores.tasks.status()).queues.dlq).toBe(longerThanLrem);
  });

  it("has its old place again where one script would search for too long", async () => {
    const before = await searches();
    await dieAgain(dead());
    const searched = (await searches()) - before;
    expect(searched).toBeGreaterThan(0);
    expect(searched).toBeLessThan(dead().length);
    expect(await redis.raw.lindex(keys.dlq, middle)).toBe(dead().at(-1));
    expect((await stores.tasks.status()).queues.dlq).toBe(longerThanLrem);
  });

  it("is out of the way of those behind it that are to be pruned", async () => {
    const length = await lengthen(keys.dlq);
    const [first = "", second = "", third = ""] = dead();
    await dieAgain([first]);
    await redis.raw.ltrim(keys.dlq, middle, -1);
    const policy = { ...defaultRetention, DLQ: { maxAgeMs: 60_000, maxCount: 1_000_000 } };
    expect(await stores.tasks.prune(policy, 2)).toEqual({ pruned: 2 });
    expect([await stores.tasks.get(second), await stores.tasks.get(third)]).toEqual([null, null]);
    expect(await redis.raw.lindex(keys.dlq, -1)).toBe(first);
    expect(await redis.raw.llen(keys.dlq)).toBe(length - middle - 2);
  });
});

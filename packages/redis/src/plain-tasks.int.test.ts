/** Tasks of which a claim and a completion need to read little (docs/protocol.md), and messages that nobody listens to. */
import type { ClaimedTask, NewTask, Settlement, Stores } from "@workstream/core";
import { claimRequest, newTask, workerId } from "@workstream/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { type RedisKeys, redisKeys } from "./keys.ts";
import { freshPrefix, useRedis } from "./redis-test.fixture.ts";

const redis = useRedis();
let stores: Stores;
let keys: RedisKeys;

beforeEach(async () => {
  const prefix = freshPrefix();
  keys = redisKeys(prefix);
  stores = await redis.open({ prefix });
});

async function enqueue(overrides: Partial<NewTask> = {}): Promise<string> {
  const task = newTask(overrides.id ?? stores.tasks.mintId(), overrides);
  await stores.tasks.enqueue(task);
  return task.id;
}

async function claimOne(): Promise<ClaimedTask> {
  const [task] = await stores.tasks.claim(claimRequest({ limit: 1 }));
  if (!task) throw new Error("There was nothing to claim.");
  return task;
}

const plainOf = (id: string) => redis.raw.hget(keys.task(id), "lease");

describe("plain tasks", () => {
  it.each([
    ["text", {}, "text,3,echo"],
    ["JSON", { contentKind: "json", content: "[1]", maxRetries: 7 }, "json,7,echo"],
  ] satisfies [string, Partial<NewTask>, string][])(
    "marks %s with nothing unusual",
    async (_, task, mark) => {
      expect(await plainOf(await enqueue(task))).toBe(mark);
    },
  );

  it.each([
    ["metadata", { metadata: '{"a":1}' }],
    ["a time limit", { timeoutMs: 5_000 }],
    ["an expiry", { expiresInMs: 5_000 }],
    ["a delay", { delayMs: 5_000 }],
    ["text that lives elsewhere", { content: "x".repeat(70_000) }],
    ["an id of someone else's", { id: 'a"b' }],
    ["a comma in its type", { type: "a,b" }],
  ] satisfies [string, Partial<NewTask>][])("does not mark a task with %s", async (_, task) => {
    expect(await plainOf(await enqueue(task))).toBeNull();
  });

  it("tells a worker the same of a marked task as of one without the mark", async () => {
    const [marked, unmarked] = [await enqueue({ maxRetries: 7 }), await enqueue({ maxRetries: 7 })];
    await redis.raw.hdel(keys.task(unmarked), "lease");
    const [first, second] = [await claimOne(), await claimOne()];
    expect([first.id, second.id]).toEqual([marked, unmarked]);
    const same = ({ id, token, createdAt, claimedAt, ageMs, ...rest }: ClaimedTask) => rest;
    expect(same(first)).toEqual(same(second));
    for (const { id, createdAt, claimedAt } of [first, second]) {
      const hash = await redis.raw.hmget(keys.task(id), "created_at", "started_at");
      expect(hash.map(Number)).toEqual([createdAt, claimedAt]);
    }
  });

  it("puts the token in the mark's place when a task is claimed, and reads the task whole from then on", async () => {
    const id = await enqueue();
    const { token } = await claimOne();
    await stores.tasks.settle(workerId, [{ id, token, settlement: { kind: "release" } }]);
    expect(await plainOf(id)).toBe(token);
    await redis.raw.hset(keys.task(id), "retry_count", 2);
    expect(await claimOne()).toMatchObject({ id, attempt: 3, retryCount: 2 });
  });

  it("keeps a lease for as long as the task runs, and proves it by its worker", async () => {
    const id = await enqueue();
    const { token } = await claimOne();
    expect(await redis.raw.hgetall(keys.workerLeases(workerId))).toEqual({ [id]: token });
    const settlement = { kind: "complete", result: "1" } as const;
    const by = (worker: string) => stores.tasks.settle(worker, [{ id, token, settlement }]);
    expect((await by("other-1-b")).outcomes).toEqual(["lease_lost"]);
    expect((await by(workerId)).outcomes).toEqual(["settled"]);
    expect(await redis.raw.exists(keys.workerLeases(workerId))).toBe(0);
  });

  it.each([
    ["completed", { kind: "complete", result: "1" }],
    ["failed", { kind: "fail", error: "e", errorType: "Default", next: { to: "DLQ" } }],
  ] satisfies [string, Settlement][])(
    "settles nothing for a task that another program deleted before it %s, and all beside it",
    async (_, settlement) => {
      const ids = [await enqueue(), await enqueue(), await enqueue()];
      const claimed = await stores.tasks.claim(claimRequest({ limit: 3 }));
      const gone = ids[1] as string;
      await redis.raw.del(keys.task(gone));
      const attempts = claimed.map(({ id, token, type }) => ({ id, token, type, settlement }));
      const { outcomes } = await stores.tasks.settle(workerId, attempts);
      expect(outcomes).toEqual(["settled", "not_found", "settled"]);
      expect(await redis.raw.exists(keys.task(gone))).toBe(0);
      const { states } = await stores.tasks.status();
      expect(states).toMatchObject({ ACTIVE: 0, [settlement.kind === "fail" ? "DLQ" : "COMPLETED"]: 2 });
    },
  );
});

describe("queue-updates", () => {
  const published = async () => {
    const stats = await redis.raw.info("commandstats");
    return Number(/cmdstat_publish:calls=(\d+)/.exec(stats)?.[1] ?? 0);
  };

  it("is left alone while nobody listens", async () => {
    const before = await published();
    await enqueue();
    expect(await published()).toBe(before);
  });

  it.each(["subscribe", "psubscribe"] as const)("is written to for whoever did %s", async (verb) => {
    const listener = redis.raw.duplicate();
    try {
      const message = new Promise<string>((resolve) => {
        listener.on("message", (_, text) => resolve(text));
        listener.on("pmessage", (_, __, text) => resolve(text));
      });
      await listener[verb](verb === "subscribe" ? keys.updates : `${keys.prefix}*`);
      const id = await enqueue();
      const [created, update] = JSON.parse(await message);
      expect(created).toMatchObject({ type: "task_created", task_id: id, state: "PENDING" });
      expect(update).toMatchObject({ type: "queue_update", queue_depths: { primary: 1 } });
    } finally {
      listener.disconnect();
    }
  });
});

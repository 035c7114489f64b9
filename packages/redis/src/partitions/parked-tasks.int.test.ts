/** Tasks that are parked in another partition than the guards and results they wait for. */
import type { Settlement, Stores } from "@workstream/core";
import { claimRequest, newTask, testClock, workerId } from "@workstream/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { guardPolicy } from "../guard-policy.fixture.ts";
import { useRedis } from "../redis-test.fixture.ts";
import { partitionOfId } from "./partition-ids.ts";

const redis = useRedis();
const clock = testClock();
const partitions = 2;
const slow = { requests: 1, intervalMs: 60_000 };
const raised = { requests: 100, intervalMs: 1_000 };
let stores: Stores;
let ids: string[];

beforeEach(async () => {
  stores = await redis.open({ partitions, now: clock.now });
  ids = [stores.tasks.mintId(), stores.tasks.mintId()];
  expect(new Set(ids.map((id) => partitionOfId(id, 2))).size).toBe(2);
  for (const id of ids) await stores.tasks.enqueue(newTask(id));
});

async function parkAll(
  delayMs: number,
  nameOf: (id: string) => Promise<string>,
  share: { cost?: number } = {},
): Promise<void> {
  for (const { id, token } of await stores.tasks.claim(
    claimRequest({ queues: { primary: 100 }, limit: 100 }),
  )) {
    const parking = { name: await nameOf(id), why: "It waits.", ...share };
    const settlement: Settlement = { kind: "snooze", delayMs, isParked: true, parking };
    await stores.tasks.settle(workerId, [{ id, token, settlement }]);
  }
}

const raise = (service: string) => stores.guards.changeLimit(service, raised);

/** 0 for those that are due already. */
const duesInMs = async () =>
  (await Promise.all(ids.map((id) => stores.tasks.get(id)))).map(
    (task) => (task?.retryAfterAt ?? clock.now()) - clock.now(),
  );
const states = async () =>
  (await Promise.all(ids.map((id) => stores.tasks.get(id)))).map((task) => task?.state);

describe("parked tasks of every partition", () => {
  it("are due when the guard said, and come forward when its limit is raised", async () => {
    const policy = guardPolicy({ limit: slow });
    await stores.guards.configure(policy);
    const request = { cost: 1, isReturning: false, tokens: 0 };
    await stores.guards.acquire(policy, Array(3).fill(request), 0);
    await parkAll(60_000, async () => policy.service);
    await stores.tasks.promote(100);
    const elsewhere = ids.findIndex((id) => partitionOfId(id, 2) === 1);
    expect((await duesInMs())[elsewhere]).toBe(60_000);
    await stores.guards.changeLimit(policy.service, { requests: 100, intervalMs: 1_000 });
    for (let turn = 0; turn < 3; turn++) await stores.tasks.promote(100);
    expect(Math.max(...(await duesInMs()))).toBeLessThan(2_000);
  });

  it.each([
    ["its limit is raised", { cost: 1, limit: slow, change: raise }],
    ["its limit is raised, also those that take more of it", { cost: 3, limit: slow, change: raise }],
    ["its breaker is reset", { cost: 1, limit: raised, change: (name: string) => stores.guards.reset(name) }],
  ])("come all together no faster than its limit when %s", async (_, { cost, limit, change }) => {
    const { breaker, ...policy } = guardPolicy({ limit });
    await stores.guards.configure({ ...policy, breaker: { ...breaker, rampMs: 0 } });
    for (let more = 0; more < 58; more += 1) {
      const id = stores.tasks.mintId();
      ids.push(id);
      await stores.tasks.enqueue(newTask(id));
    }
    await parkAll(60_000, async () => policy.service, { cost });
    await change(policy.service);
    for (let turn = 0; turn < 4; turn++) await stores.tasks.promote(100);
    const dues = (await duesInMs()).toSorted((one, other) => one - other);
    const placeMs = (cost * raised.intervalMs) / raised.requests;
    // The first of each partition is due at once.
    const tooEarly = dues.filter((dueMs, at) => dueMs < (at - partitions) * placeMs);
    expect(tooEarly).toEqual([]);
    expect(dues.at(-1)).toBeLessThan(ids.length * placeMs * 1.5);
  });

  it("come when the result that they wait for is stored", async () => {
    await stores.cache.begin("key", "someone", 60_000);
    await parkAll(60_000, async (id) => {
      const answer = await stores.cache.begin("key", id, 60_000);
      return answer.kind === "busy" ? answer.waitsFor : "";
    });
    await stores.tasks.promote(100);
    expect(await states()).toEqual(["SCHEDULED", "SCHEDULED"]);
    await stores.cache.put("key", "someone", { text: "there", ttlMs: 60_000 });
    for (let turn = 0; turn < 3; turn++) await stores.tasks.promote(100);
    expect(await states()).toEqual(["PENDING", "PENDING"]);
    expect(await stores.cache.begin("key", ids[1] ?? "", 1_000)).toEqual({ kind: "hit", result: "there" });
  });
});

import type { LeaseGuard, Stores } from "@workstream/core";
import { claimRequest, newTask, until, workerId } from "@workstream/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RedisKeys, redisKeys } from "./keys.ts";
import { freshPrefix, useRedis } from "./redis-test.fixture.ts";

const redis = useRedis();
const leaseMs = 600;

let stores: Stores;
let keys: RedisKeys;
let guard: LeaseGuard | undefined;
let id: string;

beforeEach(async () => {
  const prefix = freshPrefix();
  keys = redisKeys(prefix);
  stores = await redis.open({ prefix });
  id = stores.tasks.mintId();
});

afterEach(async () => {
  await guard?.stop();
});

async function guarded(silenceLimitMs: number): Promise<void> {
  guard = await stores.guardLeases?.({ workerId, leaseMs, silenceLimitMs });
  await stores.tasks.enqueue(newTask(id));
  await stores.tasks.claim(claimRequest({ leaseMs }));
}

const leaseUntil = async () => Number(await redis.raw.zscore(keys.active, id));

describe("the lease guard", () => {
  it("keeps the leases of a worker whose loop is busy for longer than a lease", async () => {
    await guarded(60_000);
    guard?.beat();
    const busyUntil = performance.now() + 3 * leaseMs;
    while (performance.now() < busyUntil);
    expect(await leaseUntil()).toBeGreaterThan(Date.now());
    await stores.tasks.reap({ leaseMs: 1, maxLostWorkers: 3, limit: 10 });
    await until("the reaper's grace to end", async () => {
      const { isWaiting, requeued } = await stores.tasks.reap({ leaseMs: 1, maxLostWorkers: 3, limit: 10 });
      expect(requeued).toBe(0);
      return !isWaiting;
    });
  });

  it("leaves leases alone while the loop beats", async () => {
    await guarded(60_000);
    const before = await leaseUntil();
    const enough = performance.now() + 1.5 * leaseMs;
    const beats = () => {
      guard?.beat();
      return performance.now() > enough;
    };
    await until("a lease and a half", beats, { everyMs: leaseMs / 10 });
    expect(await leaseUntil()).toBe(before);
  });

  it("gives a silent worker up at its limit", async () => {
    await guarded(leaseMs);
    await until("the lease to run out", async () => (await leaseUntil()) < Date.now(), {
      timeoutMs: 10 * leaseMs,
    });
  });
});

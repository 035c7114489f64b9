import { setTimeout as sleep } from "node:timers/promises";
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
    const now = Date.now();
    expect(await leaseUntil()).toBeGreaterThan(now);
    await stores.tasks.reap({ leaseMs: 1, maxLostWorkers: 3, limit: 10 });
    await until("the reaper's grace to end", async () => {
      const { isWaiting, requeued } = await stores.tasks.reap({ leaseMs: 1, maxLostWorkers: 3, limit: 10 });
      expect(requeued).toBe(0);
      return !isWaiting;
    });
  });

  it("leaves leases alone while the loop beats", async () => {
    await guarded(60_000);
    await until("a lease and a half without a pause", async () => {
      guard?.beat();
      const before = await leaseUntil();
      let [beatAt, longestMs] = [performance.now(), 0];
      const beat = () => {
        guard?.beat();
        longestMs = Math.max(longestMs, performance.now() - beatAt);
        beatAt = performance.now();
      };
      const enough = beatAt + 1.5 * leaseMs;
      while (performance.now() < enough) {
        await sleep(leaseMs / 10);
        beat();
      }
      const after = await leaseUntil();
      beat();
      // After a longer pause the loop counts as busy.
      if (longestMs > leaseMs / 4) return false;
      expect(after).toBe(before);
      return true;
    });
  });

  it("gives a silent worker up at its limit", async () => {
    await guarded(leaseMs);
    await until("the lease to run out", async () => (await leaseUntil()) < Date.now(), {
      timeoutMs: 10 * leaseMs,
    });
  });
});

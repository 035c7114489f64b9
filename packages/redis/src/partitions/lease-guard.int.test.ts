/** The thread that keeps the leases of a busy worker keeps those of every partition. */
import type { LeaseGuard, Stores } from "@workstream/core";
import { claimRequest, newTask, until, workerId } from "@workstream/testing";
import { afterEach, expect, it } from "vitest";
import { redisKeys } from "../keys.ts";
import { freshPrefix, useRedis } from "../redis-test.fixture.ts";
import { partitionPrefixes } from "./partition-prefixes.ts";

const redis = useRedis();
const leaseMs = 600;
const partitions = 2;
let guard: LeaseGuard | undefined;

afterEach(async () => {
  await guard?.stop();
});

async function hold(stores: Stores): Promise<void> {
  guard = await stores.guardLeases?.({ workerId, leaseMs, silenceLimitMs: 60_000 });
  for (let count = 0; count < 4; count += 1) await stores.tasks.enqueue(newTask(stores.tasks.mintId()));
  expect(await stores.tasks.claim(claimRequest({ leaseMs }))).toHaveLength(4);
}

it("keeps the leases in each partition while the loop is busy", async () => {
  const prefix = freshPrefix();
  const stores = await redis.open({ prefix, partitions });
  await hold(stores);
  guard?.beat();
  const busyUntil = performance.now() + 3 * leaseMs;
  while (performance.now() < busyUntil);
  const now = Date.now();
  for (const each of partitionPrefixes(prefix, partitions)) {
    const leases = await redis.raw.zrange(redisKeys(each).active, "0", "-1", "WITHSCORES");
    const untils = leases.filter((_, at) => at % 2 === 1).map(Number);
    expect(untils).toHaveLength(2);
    expect(Math.min(...untils)).toBeGreaterThan(now);
  }
  expect(await stores.tasks.reap({ leaseMs: 1, maxLostWorkers: 3, limit: 10 })).toMatchObject({
    requeued: 0,
  });
  await until("the reaper's grace to end", async () => {
    const { isWaiting, requeued } = await stores.tasks.reap({ leaseMs: 1, maxLostWorkers: 3, limit: 10 });
    expect(requeued).toBe(0);
    return !isWaiting;
  });
});

import type { ClaimedTask, Stores } from "@workstream/core";
import { claimRequest, complete, newTask, workerId } from "@workstream/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { useRedis } from "./redis-test.fixture.ts";

const redis = useRedis();

describe("a store that is full", () => {
  let stores: Stores;
  let running: ClaimedTask[];

  beforeEach(async () => {
    await redis.raw.config("SET", "maxmemory", "0");
    stores = await redis.open();
    const { tasks } = stores;
    await tasks.enqueueBatch(Array.from({ length: 30 }, () => newTask(tasks.mintId())));
    running = await tasks.claim(claimRequest());
    await redis.raw.config("SET", "maxmemory", "1mb");
    return () => redis.raw.config("SET", "maxmemory", "0");
  });

  it("refuses new tasks, alone, in batches of any size and as uploads", async () => {
    const { tasks, inputs } = stores;
    const many = (count: number) => Array.from({ length: count }, () => newTask(tasks.mintId()));
    await expect(tasks.enqueue(newTask(tasks.mintId()))).rejects.toMatchObject({ code: "store_full" });
    await expect(tasks.enqueueBatch(many(5))).rejects.toMatchObject({ code: "store_full" });
    await expect(tasks.enqueueBatch(many(600))).rejects.toMatchObject({ code: "store_full" });
    const writer = await inputs.open(tasks.mintId());
    await expect(writer.write(Buffer.from("bytes"))).rejects.toMatchObject({ code: "store_full" });
    expect((await tasks.status()).states.PENDING).toBe(20);
  });

  it("hands out no more work", async () => {
    expect(await stores.tasks.claim(claimRequest())).toEqual([]);
    expect((await stores.tasks.status()).states).toMatchObject({ PENDING: 20, ACTIVE: 10 });
  });

  it("settles what runs, though it was asked to claim too", async () => {
    const attempts = running.map(({ id, token }) => ({ id, token, settlement: complete }));
    const { outcomes, claimed } = await stores.tasks.settle(workerId, attempts, claimRequest());
    expect(new Set(outcomes)).toEqual(new Set(["settled"]));
    expect(claimed).toEqual([]);
    expect((await stores.tasks.status()).states).toMatchObject({ PENDING: 20, ACTIVE: 0, COMPLETED: 10 });
  });

  it("keeps leases, beats, and lets operators make room", async () => {
    const { tasks, workers } = stores;
    const [first, second, third] = running;
    expect(
      await tasks.extend(workerId, [{ id: first?.id ?? "", token: first?.token ?? "" }], 30_000),
    ).toEqual(["extended"]);
    await workers.beat({
      workerId,
      hostname: "host",
      pid: 1,
      version: "1",
      concurrency: 10,
      queues: ["primary"],
      types: ["echo"],
      isDraining: false,
      completed: 0,
      failed: 0,
      eventLoopLagMs: 1,
      memoryBytes: 1,
      claimLoopAgeMs: 1,
    });
    expect(await workers.list()).toHaveLength(1);
    expect(await tasks.cancel(second?.id ?? "", "room")).toMatchObject({ outcome: "done" });
    expect(await tasks.delete(third?.id ?? "")).toMatchObject({ outcome: "deleted" });
    expect(await tasks.promote(10)).toMatchObject({ promoted: 0 });
  });

  it("says so", async () => {
    const health = await stores.probe.check();
    expect(health).toMatchObject({ kind: "redis", isConnected: true, isSafe: false });
    expect(health.warnings.join(" ")).toContain("Memory is full");
  });
});

describe("the probe", () => {
  it("warns of a policy that deletes tasks", async () => {
    const stores = await redis.open();
    expect(await stores.probe.check()).toMatchObject({ isSafe: true });
    await redis.raw.config("SET", "maxmemory-policy", "allkeys-lru");
    const health = await stores.probe.check();
    await redis.raw.config("SET", "maxmemory-policy", "noeviction");
    expect(health.isSafe).toBe(false);
    expect(health.warnings.join(" ")).toContain("allkeys-lru");
  });

  it("answers in time while the server is frozen", async () => {
    const stores = await redis.open();
    redis.server.pause();
    const startedAt = performance.now();
    expect(await stores.probe.check(200)).toMatchObject({ isConnected: false, responseTimeMs: null });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

import type { ClaimedTask, Stores } from "@workstream/core";
import { claimRequest, complete, newTask, workerId } from "@workstream/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { callRecord, guardPolicy, oneTurn, turnsOf } from "./guard-policy.fixture.ts";
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
    const { signal } = new AbortController();
    expect(await stores.tasks.claimAfterWait(claimRequest(), 50, signal)).toEqual([]);
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
      highPrioritySlots: 0,
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

  it("stores no output, step or result, and answers from what is there", async () => {
    const { outputs, steps, cache } = stores;
    const [lease = { id: "", token: "" }] = running;
    await redis.raw.config("SET", "maxmemory", "0");
    await outputs.append(workerId, lease, [{ kind: "output", text: "before" }]);
    await steps.write(workerId, lease, { name: "before", value: "1" });
    await cache.begin("before", "a", 30_000);
    await cache.put("before", "a", { text: "kept", ttlMs: 60_000 });
    await redis.raw.config("SET", "maxmemory", "1mb");

    const full = { code: "store_full" };
    await expect(outputs.append(workerId, lease, [{ kind: "output", text: "now" }])).rejects.toMatchObject(
      full,
    );
    await expect(steps.write(workerId, lease, { name: "now", value: "2" })).rejects.toMatchObject(full);
    expect(await cache.begin("now", "a", 30_000)).toEqual({ kind: "mine" });
    await expect(cache.put("now", "a", { text: "lost", ttlMs: 60_000 })).rejects.toMatchObject(full);

    expect(await outputs.read(lease.id, 0)).toMatchObject([{ number: 1, text: "before" }]);
    expect(await steps.read(lease.id)).toEqual(new Map([["before", "1"]]));
    expect(await cache.begin("before", "b", 30_000)).toEqual({ kind: "hit", result: "kept" });
    expect(await cache.begin("now", "b", 30_000)).toEqual({ kind: "mine" });
    await steps.forget(lease.id);
    expect(await steps.read(lease.id)).toEqual(new Map());
  });

  it("goes on guarding services", async () => {
    const { guards, services } = stores;
    const policy = guardPolicy();
    await guards.configure(policy);
    const turns = turnsOf(await guards.acquire(policy, Array(12).fill(oneTurn), 2_000));
    const [confirmed = "", cancelled = "", ...ended] = turns.reverse();
    await guards.confirm(policy, [confirmed], 2_000);
    await guards.cancel(policy, [cancelled]);
    const records = ended.map((turn) => callRecord(turn, { outcome: "failure", serviceState: "error" }));
    expect(await guards.record(policy, records)).toMatchObject({ state: "OPEN" });
    expect(await guards.reset("mail")).toMatchObject({ state: "CLOSED" });
    await guards.changeLimit("mail", { requests: 1, intervalMs: 1_000 });
    expect(await services.beginCheck("mail", 1_000)).toBe(true);
    const check = {
      state: "active",
      message: "",
      errorDetails: null,
      balance: 1,
      usageToday: null,
      usageMonth: null,
    };
    await services.writeCheck("mail", check, { warning: 10, critical: 5 });
    expect(await services.readState("mail")).toMatchObject({
      state: "error",
      found: { state: "active" },
      balance: 1,
    });
    expect(await guards.list()).toMatchObject([{ service: "mail", limiter: { limit: { requests: 1 } } }]);
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
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });
});

/** A Cluster of one node: every slot is its own, but keys of one script must share a slot all the same. */
import type { Stores } from "@workstream/core";
import { claimRequest, complete, newTask, until, workerId } from "@workstream/testing";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { callRecord, guardPolicy, oneTurn, turnsOf } from "./guard-policy.fixture.ts";
import { openRedisStores } from "./open-redis-stores.ts";
import { freshPrefix, useRedis } from "./redis-test.fixture.ts";

const redis = useRedis({ config: { "cluster-enabled": "yes", "cluster-announce-ip": "127.0.0.1" } });
const url = () => redis.server.url.replace("redis://", "redis+cluster://");

beforeAll(async () => {
  await redis.raw.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
  await until(
    "the Cluster",
    async () => /cluster_state:ok/.test(String(await redis.raw.call("CLUSTER", "INFO"))),
    {
      timeoutMs: 20_000,
    },
  );
}, 30_000);

describe("a Cluster", () => {
  it.each(["", "workstream:", "{}:", "{"])("is refused with the prefix %j", async (prefix) => {
    const opening = openRedisStores({ url: url(), prefix });
    await expect(opening).rejects.toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("hash tag"),
    });
  });

  describe("with a hash tag", () => {
    let stores: Stores;

    beforeEach(async () => {
      stores = await redis.open({ url: url(), prefix: `{${freshPrefix()}}` });
    });

    it("runs tasks from end to end", async () => {
      const { tasks, events, inputs } = stores;
      const changes: string[] = [];
      const feed = await events.subscribe({
        onEvents: (message) => changes.push(...message.changes.map(({ newState }) => String(newState))),
        onGap() {},
      });
      const long = "x".repeat(300_000);
      const ids = [tasks.mintId(), tasks.mintId(), tasks.mintId()];
      await tasks.enqueue(newTask(ids[0] ?? "", { content: long }));
      await tasks.enqueue(
        newTask(ids[1] ?? "", { queue: "mail", idempotency: { key: "k", fingerprint: "f" } }),
      );
      await tasks.enqueueBatch(
        Array.from({ length: 300 }, () => newTask(tasks.mintId(), { priority: "low" })),
      );
      const never = new AbortController().signal;
      const request = claimRequest({ queues: { primary: 2, mail: 2 } });
      const claimed = await tasks.claimAfterWait(request, 1_000, never);
      expect(claimed.map(({ content }) => content.length)).toEqual([long.length, 5, 5]);
      const attempts = claimed.map(({ id, token }) => ({ id, token, settlement: complete }));
      const { outcomes } = await tasks.settle(workerId, attempts, claimRequest());
      expect(outcomes).toEqual(["settled", "settled", "settled"]);
      await until("the completions", () => changes.filter((state) => state === "COMPLETED").length === 3);
      expect((await tasks.status()).states).toMatchObject({ COMPLETED: 3, ACTIVE: 10, PENDING: 289 });
      const query = { sortBy: "created_at", sortOrder: "asc", limit: 2, withBodies: true } as const;
      const page = await tasks.list({ ...query, filter: { type: "echo" }, position: { offset: 0 } });
      expect(page).toMatchObject({ total: 302, isTotalEstimate: false });
      expect(await tasks.cancel(page.tasks[1]?.id ?? "", "")).toMatchObject({ outcome: "refused" });
      expect(await tasks.delete(ids[0] ?? "")).toMatchObject({ outcome: "deleted" });
      expect(await inputs.read(ids[0] ?? "")).toBeNull();
      expect(await tasks.requeueOrphaned()).toEqual({ found: 0, requeued: 0, errors: [] });
      expect(await stores.probe.check()).toMatchObject({ isConnected: true, isSafe: true });
      await feed.close();
    });

    it("keeps output, steps and cached results", async () => {
      const { tasks, outputs, steps, cache } = stores;
      await tasks.enqueue(newTask(tasks.mintId()));
      const [lease = { id: "", token: "" }] = await tasks.claim(claimRequest());
      const told: string[] = [];
      const { close } = await outputs.subscribe(lease.id, {
        onEntries: (entries) => told.push(...entries.map(({ text }) => text)),
        onGap() {},
      });
      expect(await outputs.append(workerId, lease, [{ kind: "output", text: "said" }])).toBe("appended");
      await until("the entry", () => told.length > 0);
      await close();
      expect(told).toEqual(["said"]);
      expect(await steps.write(workerId, lease, { name: "a", value: "1" })).toBe("written");
      for (const key of ["one", "two"]) {
        expect(await cache.begin(key, "a", 30_000)).toEqual({ kind: "mine" });
        await cache.put(key, "a", { text: key, ttlMs: 60_000 });
      }
      expect(await cache.begin("one", "b", 1_000)).toEqual({ kind: "hit", result: "one" });
      await tasks.delete(lease.id);
      expect(await outputs.read(lease.id, 0)).toEqual([]);
      expect(await steps.read(lease.id)).toEqual(new Map());
    });

    it("guards services, and tells of it", async () => {
      const { guards, services } = stores;
      const policy = guardPolicy({ tokenLimit: { requests: 1_000, intervalMs: 60_000 } });
      const told: string[] = [];
      const feed = await guards.subscribe({ onEvent: ({ type }) => told.push(type), onGap() {} });
      await guards.configure(policy);
      const turns = turnsOf(await guards.acquire(policy, Array(5).fill({ ...oneTurn, tokens: 10 }), 0));
      expect(turnsOf(await guards.confirm(policy, turns, 0))).toHaveLength(5);
      await guards.cancel(policy, turns.slice(4));
      const end = { outcome: "failure", holdMs: 1_000, tokensUsed: 5, serviceState: "error" } as const;
      const records = turns.slice(0, 4).map((turn) => callRecord(turn, end));
      expect(await guards.record(policy, records)).toMatchObject({ state: "OPEN", failures: 4 });
      await guards.changeLimit("mail", { requests: 5, intervalMs: 1_000 });
      expect(await guards.reset("mail")).toMatchObject({ state: "CLOSED" });
      expect(await guards.list()).toMatchObject([{ service: "mail", limiter: { limit: { requests: 5 } } }]);
      const check = {
        state: "active",
        message: "",
        errorDetails: null,
        balance: 3,
        usageToday: 1,
        usageMonth: 1,
      };
      await services.writeCheck("mail", check, { warning: 10, critical: 5 });
      expect(await services.beginCheck("mail", 10_000)).toBe(true);
      expect(await services.metrics("mail", 2)).toMatchObject([{ totalCalls: 4, failedCalls: 4 }]);
      await until("the events", () => told.includes("credits_low"));
      expect(new Set(told)).toContain("circuit_breaker_changed");
      await feed.close();
    });

    it("comes back after every connection was killed", async () => {
      await redis.raw.call("CLIENT", "KILL", "TYPE", "normal").catch(() => {});
      await until("an answer", () => stores.tasks.status().catch(() => null), { timeoutMs: 10_000 });
      const id = stores.tasks.mintId();
      expect(await stores.tasks.enqueue(newTask(id))).toMatchObject({ outcome: "created" });
    });
  });
});

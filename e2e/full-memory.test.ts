/** Redis at maxmemory: nothing accepted is lost, what runs finishes, and the gateway says so. */
import { until } from "@workstream/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { collections } from "./collections.ts";
import { Fleet } from "./fleet.ts";
import { addProbes, call } from "./gateway.ts";

let fleet: Fleet;

beforeEach(async () => {
  fleet = await Fleet.open({ env: { WORKER_CONCURRENCY: "10", LEASE_SECONDS: "3" } });
});

afterEach(() => fleet.close());

it("accepts no more, claims no more, and finishes what runs", async () => {
  await fleet.startGateway();
  fleet.startWorker();
  await fleet.workersReady(1);
  const running = await addProbes(fleet.url, 10, () => 6_000);
  await until("ten running", async () => (await fleet.redis.zcard("tasks:active")) === 10, {
    timeoutMs: 10_000,
  });
  const waiting = await addProbes(fleet.url, 200, () => 5);

  const used = Number(/used_memory:(\d+)/.exec(await fleet.redis.info("memory"))?.[1]);
  // Well below what is used, so that no buffer which is freed makes room again.
  await fleet.redis.config("SET", "maxmemory-policy", "noeviction");
  await fleet.redis.config("SET", "maxmemory", String(Math.floor(used / 2)));
  await until(
    "memory to be full",
    async () => (await fleet.redis.set("filler", "x".repeat(1000)).catch(() => "full")) === "full",
  );

  const refused = await call<{ code: string }>(`${fleet.url}/api/v1/tasks/probe`, "POST", {
    input: { ms: 1 },
  });
  expect([429, 503]).toContain(refused.status);
  expect(refused.body.code).toBe("store_full");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await call<{ status: string }>(`${fleet.url}/health`)).body.status).toBe("unhealthy");

  // Their leases of 3 s are extended and their results written although memory is full.
  await until("what ran to finish", async () => (await fleet.redis.zcard("tasks:completed")) === 10, {
    timeoutMs: 20_000,
  });
  const full = await collections(fleet.redis);
  expect(full.COMPLETED!.sort()).toEqual([...running].sort());
  expect(full.PENDING!.sort()).toEqual([...waiting].sort());
  expect(fleet.journal().filter(({ event }) => event === "start")).toHaveLength(10);

  await fleet.redis.config("SET", "maxmemory", "0");
  await until("the rest to run", async () => (await fleet.redis.zcard("tasks:completed")) === 210, {
    timeoutMs: 20_000,
  });
});

/**
 * Replies of Redis are cut at random between it and everyone else, under load. A cut reply leaves the caller not
 * knowing whether its script ran. No task may run twice because of that, and none may be stranded.
 */
import { type FaultProxy, startFaultProxy, until } from "@workstream/testing";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { collections } from "./collections.ts";
import { Fleet } from "./fleet.ts";
import { call } from "./gateway.ts";

const taskCount = 1_500;
let fleet: Fleet;
let proxy: FaultProxy;

beforeEach(async () => {
  fleet = await Fleet.open({
    env: { WORKER_CONCURRENCY: "20" },
    urlOf: async (server, stage) => {
      proxy = await startFaultProxy({ targetPort: server.port, seed: 7 });
      stage.onClose(() => proxy.close());
      return proxy.url;
    },
  });
});

afterEach(() => fleet.close());

it("runs every accepted task exactly once", async () => {
  await fleet.startGateway();
  fleet.startWorker();
  fleet.startWorker();
  await fleet.workersReady(2);

  proxy.setFaults({ cutReply: 0.06 });
  const answers = new Map<number, number>();
  for (let sent = 0; sent < taskCount; sent += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, i) => submitOnce(sent + i, answers)));
  }
  await until(
    "most of it done under fire",
    async () => (await fleet.redis.zcard("tasks:completed")) > taskCount * 0.8,
    {
      timeoutMs: 60_000,
      everyMs: 50,
    },
  );
  proxy.setFaults({});
  await until("every task at rest", async () => (await open(fleet.redis)) === 0, {
    timeoutMs: 60_000,
    everyMs: 100,
  });

  const found = await collections(fleet.redis);
  expect(found.COMPLETED).toHaveLength(taskCount);
  expect(Object.values(found).flat()).toHaveLength(taskCount);
  const starts = fleet.journal().filter(({ event }) => event === "start");
  process.stdout.write(
    `${proxy.stats.cutReplies} replies cut, ${answers.get(503) ?? 0} times 503, ${starts.length} runs of ${taskCount} tasks\n`,
  );
  expect(proxy.stats.cutReplies).toBeGreaterThan(30);
  expect(starts).toHaveLength(taskCount);
  expect(new Set(starts.map(({ id }) => id)).size).toBe(taskCount);
});

/** As a careful client: the same Idempotency-Key until it is accepted. */
async function submitOnce(n: number, answers: Map<number, number>): Promise<void> {
  const body = { input: { ms: Math.random() * 60 }, idempotency_key: `probe-${n}` };
  const tryOnce = async () => {
    const { status, headers } = await call(`${fleet.url}/api/v1/tasks/probe`, "POST", body);
    answers.set(status, (answers.get(status) ?? 0) + 1);
    if (status !== 201) expect([status, Number(headers.get("retry-after")) > 0]).toEqual([503, true]);
    return status === 201;
  };
  await until(`task ${n} to be accepted`, tryOnce, { timeoutMs: 20_000, everyMs: 20 });
}

async function open(client: Redis): Promise<number> {
  const { PENDING, ACTIVE, SCHEDULED } = await collections(client);
  return PENDING!.length + ACTIVE!.length + SCHEDULED!.length;
}

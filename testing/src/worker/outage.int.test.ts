import { randomBytes } from "node:crypto";
import { type LeaseGuardSettings, primaryQueue, type Stores } from "@workstream/core";
import { openRedisStores } from "@workstream/redis";
import { createWorker, defineTask, type Worker } from "@workstream/worker";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type FaultProxy, startFaultProxy } from "../fault-proxy.ts";
import { type RedisServer, startRedisServer } from "../redis-server.ts";
import { TaskDriver } from "../task-driver.ts";
import { until } from "../until.ts";
import { collectingLogger, type LogLine } from "./collecting-logger.ts";
import { asking, ServiceDouble } from "./service-double.ts";
import { runningClock } from "./worker-stage.ts";

const text = z.string();

describe("a worker whose Redis fails", () => {
  let server: RedisServer;
  let proxy: FaultProxy;
  let faulty: Stores;
  let driver: TaskDriver;
  let worker: Worker | null = null;
  let runs: Map<string, number>;
  let log: LogLine[];
  const closers: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    server = await startRedisServer({ config: { appendonly: "yes", appendfsync: "always" } });
  });
  afterAll(() => server.stop());

  /** The worker goes through the proxy, the test straight to the server. */
  beforeEach(async () => {
    runs = new Map();
    const prefix = `t-${randomBytes(6).toString("hex")}:`;
    proxy = await startFaultProxy({ targetPort: server.port, seed: 7 });
    const direct = await openRedisStores({ url: server.url, prefix });
    faulty = await openRedisStores({ url: proxy.url, prefix });
    closers.push(
      () => direct.close(),
      () => faulty.close(),
      () => proxy.close(),
    );
    driver = new TaskDriver({ tasks: direct.tasks, clock: runningClock });
    const echo = defineTask({ type: "echo", queue: primaryQueue, input: text, output: text, run: count });
    const slow = defineTask({
      ...{ type: "slow", queue: primaryQueue, input: text, output: text },
      async run(_, { id }) {
        count("", { id });
        await until("the test to end the slow task", () => ended.has(id), { timeoutMs: 20_000 });
        return "slow";
      },
    });
    log = [];
    worker = createWorker({
      ...{ stores: faulty, definitions: [echo, slow], settings: { concurrency: 8, graceMs: 300 } },
      logger: collectingLogger(log),
    });
  });

  const ended = new Set<string>();

  function count(input: string, { id }: { id: string }): string {
    runs.set(id, (runs.get(id) ?? 0) + 1);
    return input;
  }

  afterEach(async () => {
    proxy.setFaults({});
    await worker?.drain({ force: true });
    for (const close of closers.splice(0)) await close();
  });

  const completed = async (ids: readonly string[], timeoutMs = 20_000) => {
    const isDone = async (id: string) => (await driver.tasks.get(id))?.state === "COMPLETED";
    for (const id of ids) await until(`${id} to be COMPLETED`, () => isDone(id), { timeoutMs });
  };

  it("settles every task once although replies and requests are cut", async () => {
    const ids = await driver.enqueueMany(400);
    proxy.setFaults({ cutReply: 0.1, cutRequest: 0.05 });
    worker?.start();
    await until("cuts", () => proxy.stats.cutReplies >= 5, { timeoutMs: 20_000 });
    proxy.setFaults({});
    await completed(ids);
    for (const id of ids) {
      expect(await driver.task(id)).toMatchObject({ lostCount: 0, retryCount: 0, errorHistory: [] });
    }
    await until("the last answer", () => worker?.health().unsettled === 0);
  });

  it("keeps a result while Redis is away, and does not run the task again", async () => {
    const id = await driver.enqueue({ type: "slow" });
    worker?.start();
    await until("the run", () => runs.has(id));
    proxy.setFaults({ isRefusing: true });
    proxy.killConnections();
    ended.add(id);
    await until("the unanswered result", () => worker?.health().unsettled === 1);
    proxy.setFaults({});
    await completed([id]);
    expect(runs.get(id)).toBe(1);
  });

  it("guards its leases although Redis was away when it started", async () => {
    const startGuard = faulty.guardLeases;
    if (!startGuard) throw new Error("Redis has lease guards.");
    let [failed, started] = [0, 0];
    const guardLeases = (settings: LeaseGuardSettings) => {
      const starting = startGuard(settings);
      starting.then(
        () => (started += 1),
        () => (failed += 1),
      );
      return starting;
    };
    const stores = { ...faulty, guardLeases };
    const echo = defineTask({ type: "echo", queue: primaryQueue, input: text, output: text, run: count });
    const late = createWorker({ stores, definitions: [echo], settings: { graceMs: 300 } });
    proxy.setFaults({ isRefusing: true });
    proxy.killConnections();
    late.start();
    try {
      await until("the guard to fail", () => failed > 0);
      expect(started).toBe(0);
      proxy.setFaults({});
      await until("the guard", () => started > 0);
    } finally {
      await late.drain({ force: true });
    }
  });

  it("goes on after Redis was killed and came back", async () => {
    worker?.start();
    await completed([await driver.enqueue()]);
    await server.kill();
    await server.restart();
    const later = await until("Redis to take a task", () => driver.enqueue().catch(() => null), {
      timeoutMs: 15_000,
    });
    await completed([later]);
  });

  it("uses up no attempt of a task that waits for its turn", async () => {
    const service = new ServiceDouble({ limit: "2/1s", maxWaitMs: 2_000 });
    const { definition } = asking(service);
    const asker = createWorker({ stores: faulty, definitions: [definition], settings: { graceMs: 300 } });
    const ids = await driver.enqueueMany(6, { type: "ask", maxRetries: 0 });
    asker.start();
    try {
      await until("the first call", () => service.calls.length > 0);
      proxy.setFaults({ isRefusing: true });
      proxy.killConnections();
      const endsAt = performance.now() + 1_500;
      await until("their turns to pass", () => performance.now() > endsAt, { everyMs: 50 });
      proxy.setFaults({});
      await completed(ids);
      for (const id of ids)
        expect(await driver.task(id)).toMatchObject({ retryCount: 0, errorHistory: [], lostCount: 0 });
      expect(service.calls.length).toBe(ids.length);
    } finally {
      await asker.drain({ force: true });
    }
  });

  it("goes on after its connections were cut, again and again", async () => {
    worker?.start();
    for (let round = 0; round < 5; round += 1) {
      proxy.killConnections();
      await completed([await driver.enqueue()]);
    }
  });

  it("drains within some 3 s of its grace when its connections hang half-open", async () => {
    const { definition } = asking(new ServiceDouble({ limit: "100/1s" }));
    const asker = createWorker({ stores: faulty, definitions: [definition], settings: { graceMs: 300 } });
    asker.start();
    await completed([await driver.enqueue({ type: "ask" })]);
    proxy.setFaults({ isFrozen: true });
    const startedAt = performance.now();
    await asker.drain();
    expect(performance.now() - startedAt).toBeLessThan(300 + 4_600);
  });

  it("goes on after its connections hung half-open", async () => {
    worker?.start();
    await completed([await driver.enqueue()]);
    proxy.setFaults({ isFrozen: true });
    const id = await driver.enqueue();
    await until("the worker to notice", () => log.some(({ message }) => message === "claiming failed"), {
      timeoutMs: 15_000,
    });
    proxy.setFaults({});
    await completed([id]);
  });
});

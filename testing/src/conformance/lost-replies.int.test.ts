/**
 * What Redis promises when the line to it fails: every call is done, refused or unknown, and whoever repeats an unknown
 * one does no harm.
 */
import { isErrorCode, type Stores } from "@workstream/core";
import { openRedisStores } from "@workstream/redis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type FaultProxy, startFaultProxy } from "../fault-proxy.ts";
import { newTask } from "../new-task.ts";
import { type RedisServer, startRedisServer } from "../redis-server.ts";
import { claimRequest, complete, reapSettings, TaskDriver, workerId } from "../task-driver.ts";
import { testClock } from "../test-clock.ts";
import { until } from "../until.ts";

let server: RedisServer;
let proxy: FaultProxy;
/** Through the proxy, and past it. */
let stores: Stores;
let direct: Stores;
const clock = testClock();

beforeEach(async () => {
  server = await startRedisServer();
  proxy = await startFaultProxy({ targetPort: server.port, seed: 5 });
  const options = { prefix: "t:", now: clock.now, commandTimeoutMs: 1_000 };
  stores = await openRedisStores({ url: proxy.url, ...options });
  direct = await openRedisStores({ url: server.url, ...options });
});
afterEach(async () => {
  await stores.close();
  await direct.close();
  await proxy.close();
  await server.stop();
});

const counts = { unknown: 0, unavailable: 0 };

/** Repeats a call until its outcome is known, as a gateway and a worker do. */
function insist<T>(call: () => Promise<T>): Promise<{ answer: T }> {
  return until("a call to get through", async () => {
    try {
      return { answer: await call() };
    } catch (error) {
      if (isErrorCode(error, "outcome_unknown")) counts.unknown += 1;
      else if (isErrorCode(error, "store_unavailable")) counts.unavailable += 1;
      else throw error;
      return null;
    }
  });
}

/** Claims, and after an unknown outcome hands back what it does not know, as the port demands. */
async function claim() {
  for (;;) {
    try {
      return await stores.tasks.claim(claimRequest({ limit: 3 }));
    } catch (error) {
      if (!isErrorCode(error, "outcome_unknown", "store_unavailable")) throw error;
      await insist(() => stores.tasks.recover(workerId, []));
    }
  }
}

it("runs every task once though one reply in five is lost", async () => {
  proxy.setFaults({ cutReply: 0.2 });
  const ids: string[] = [];
  for (let count = 0; count < 40; count++) {
    const id = stores.tasks.mintId();
    ids.push(id);
    await insist(() => stores.tasks.enqueue(newTask(id)));
  }
  const ran: string[] = [];
  while (ran.length < ids.length) {
    for (const { id, token } of await claim()) {
      const { answer } = await insist(() =>
        stores.tasks.settle(workerId, [{ id, token, settlement: complete }]),
      );
      expect(answer.outcomes).toEqual(["settled"]);
      ran.push(id);
    }
  }
  expect(proxy.stats.cutReplies).toBeGreaterThan(10);
  expect(counts.unknown).toBeGreaterThan(5);
  expect(ran.toSorted()).toEqual(ids.toSorted());
  const { states } = await direct.tasks.status();
  expect(states).toMatchObject({ PENDING: 0, ACTIVE: 0, COMPLETED: ids.length, SCHEDULED: 0 });
  expect(await direct.metrics.throughput(5)).toMatchObject([{ created: ids.length, completed: ids.length }]);
  for (const id of ids) {
    const states = (await direct.tasks.get(id))?.stateHistory.map(({ state }) => state);
    expect(states?.at(-1)).toBe("COMPLETED");
    expect((await direct.tasks.get(id))?.retryCount).toBe(0);
  }
});

it("names the task whose acceptance is unknown", async () => {
  // The first call of a script loads it; the one whose reply is cut must be the call itself.
  await stores.tasks.enqueue(newTask(stores.tasks.mintId()));
  const task = newTask(stores.tasks.mintId());
  proxy.setFaults({ cutReply: 1 });
  await expect(stores.tasks.enqueue(task)).rejects.toMatchObject({
    code: "outcome_unknown",
    details: { task_id: task.id },
  });
  expect((await direct.tasks.get(task.id))?.state).toBe("PENDING");
  proxy.setFaults({});
  expect((await insist(() => stores.tasks.enqueue(task))).answer).toEqual({ outcome: "exists", id: task.id });
});

it("accepts a batch once, all of it, while replies are lost", async () => {
  proxy.setFaults({ cutReply: 1 });
  const tasks = Array.from({ length: 900 }, () => newTask(stores.tasks.mintId()));
  let tries = 0;
  const isAccepted = async () => {
    tries += 1;
    const outcomes = await stores.tasks.enqueueBatch(tasks).catch(() => null);
    proxy.setFaults({ cutReply: 0.15 });
    return outcomes !== null;
  };
  await until("the batch to get through", isAccepted, { timeoutMs: 20_000 });
  expect(tries).toBeGreaterThan(1);
  // What was accepted and not yet laid out when the line broke, any worker's promote lays out.
  await direct.tasks.promote(100);
  expect((await direct.tasks.status()).states.PENDING).toBe(tasks.length);
  const ids = await direct.tasks.queueTaskIds("primary", 1_000);
  expect(ids?.toSorted()).toEqual(tasks.map(({ id }) => id));
  expect(await direct.metrics.throughput(5)).toMatchObject([{ created: tasks.length }]);
});

it("says that it can't be reached when it can't, and comes back by itself", async () => {
  proxy.setFaults({ isRefusing: true });
  proxy.killConnections();
  const task = newTask(stores.tasks.mintId());
  await until("the loss to be noticed", () =>
    stores.tasks.status().then(
      () => false,
      (error) => isErrorCode(error, "store_unavailable"),
    ),
  );
  await expect(stores.tasks.enqueue(task)).rejects.toMatchObject({ code: "store_unavailable" });
  expect(await stores.probe.check(300)).toMatchObject({ isConnected: false });
  proxy.setFaults({});
  expect((await insist(() => stores.tasks.enqueue(task))).answer).toMatchObject({ outcome: "created" });
});

it("does not hang on a line that has gone dead", async () => {
  proxy.setFaults({ isFrozen: true });
  const startedAt = performance.now();
  const health = await stores.probe.check(200);
  expect(health.isConnected).toBe(false);
  await expect(stores.tasks.status()).rejects.toMatchObject({ code: "store_unavailable" });
  const waited = stores.tasks.waitForWork(["primary"], 200, new AbortController().signal);
  await waited.catch((error) => expect(error).toMatchObject({ code: "store_unavailable" }));
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  proxy.setFaults({});
  expect((await insist(() => stores.tasks.status())).answer.states.PENDING).toBe(0);
});

it("tells subscribers of a gap, and of what comes after it", async () => {
  let gaps = 0;
  const heard: string[] = [];
  await stores.events.subscribe({
    onEvents: ({ changes }) => heard.push(...changes.map(({ id }) => id)),
    onGap: () => {
      gaps += 1;
    },
  });
  proxy.killConnections();
  await until("the gap", () => gaps > 0);
  const id = await new TaskDriver({ tasks: direct.tasks, clock }).enqueue();
  await until("the change", () => heard.includes(id));
  expect(gaps).toBe(1);
});

it("takes no lease for one lease length after the server was restarted", async () => {
  await server.stop();
  server = await startRedisServer({ config: { appendonly: "yes" } });
  const persistent = await openRedisStores({ url: server.url, prefix: "t:", now: clock.now });
  const driver = new TaskDriver({ tasks: persistent.tasks, clock });
  await driver.warmReaper();
  const id = await driver.enqueue();
  await driver.claimOne();
  await driver.reapDuring(29_000);
  await server.restart();
  clock.advance(2_000);
  const { answer } = await insist(() => persistent.tasks.reap(reapSettings()));
  expect(answer).toEqual({ requeued: 0, buried: 0, isWaiting: true });
  expect((await driver.task(id)).state).toBe("ACTIVE");
  expect(await driver.reapDuring(30_000)).toEqual({ requeued: 1, buried: 0 });
  await persistent.close();
});

/**
 * What a task costs Redis, in counts that don't depend on the machine, so that a change which makes it cost more is seen
 * where it is made. `npm run bench -- commands memory` prints the same figures at full speed, beside a peer's.
 *
 * The bounds are what was counted when they were set, and a little room: whoever has a reason to pass one raises it here,
 * with the reason; whoever gets well below lowers it.
 */
import {
  defaultRetryRatio,
  type NewTask,
  primaryQueue,
  type SettleRequest,
  type Stores,
} from "@workstream/core";
import { openRedisStores } from "@workstream/redis";
import { createWorker, defineTask } from "@workstream/worker";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { newTask } from "./new-task.ts";
import { type RedisServer, startRedisServer } from "./redis-server.ts";
import { RedisTraffic, type TrafficCounts } from "./redis-traffic.ts";
import { until } from "./until.ts";

/** Commands inside scripts, a task. */
const commandsPerTask = {
  // 3.1: the hash, its list, the index of all and that of its type for many at once.
  enqueueInBulk: 3.5,
  // 11: what a call does once (counts of the minute, wake-up, whether someone listens) comes to every task.
  enqueueSingly: 12,
  // 3.3, with a hundred a call: read at the claim, written at the claim, written at the completion.
  runInBatches: 3.6,
  // 28: what a call does once, again.
  runSingly: 30,
};

/** 4 for a thousand: one accepts it all and creates the first part, three create the others. */
const roundTripsPerThousand = 4;

/**
 * 1,870: a hash of its own table, for its text is longer than the 64 bytes up to which Redis keeps one flat, two indexes and
 * its place among the completed.
 */
const bytesPerCompletedTask = 2_000;

const tasks = 2_000;
const batch = 100;
const workerId = "host-1-aaaa";

describe("a task on Redis", () => {
  let server: RedisServer;
  let admin: Redis;
  let stores: Stores;

  beforeAll(async () => {
    server = await startRedisServer();
    admin = new Redis(server.url);
    stores = await openRedisStores({ url: server.url });
  });
  afterAll(async () => {
    await stores.close();
    admin.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await admin.flushall();
    // Scripts are loaded: the first call of each takes two.
    for (const count of [1, 3 * batch]) {
      await enqueue(count, count);
      await run(count, batch);
    }
  });

  async function counted(act: () => Promise<unknown>): Promise<TrafficCounts> {
    const traffic = await RedisTraffic.watch(server.url);
    const mark = (text: string) => admin.echo(text);
    await traffic.take(mark);
    await act();
    const counts = await traffic.take(mark);
    traffic.close();
    return counts;
  }

  function plainTask(): NewTask {
    return newTask(stores.tasks.mintId(), { type: "noop", content: "x".repeat(100) });
  }

  async function enqueue(count: number, atOnce: number): Promise<void> {
    for (let added = 0; added < count; added += atOnce) {
      if (atOnce === 1) await stores.tasks.enqueue(plainTask());
      else await stores.tasks.enqueueBatch(Array.from({ length: atOnce }, plainTask));
    }
  }

  /** As a worker does: one claim, then settles that claim again. */
  async function run(count: number, atOnce: number): Promise<void> {
    const next = {
      ...{ workerId, queues: { [primaryQueue]: atOnce }, limit: atOnce },
      ...{ leaseMs: 30_000, retryRatio: defaultRetryRatio },
    };
    let { claimed, done } = { claimed: await stores.tasks.claim(next), done: 0 };
    while (claimed.length > 0) {
      done += claimed.length;
      const attempts = claimed.map(
        ({ id, token, type }): SettleRequest => ({
          ...{ id, token, type, settlement: { kind: "complete", result: "null" } },
        }),
      );
      ({ claimed } = await stores.tasks.settle(workerId, attempts, done < count ? next : undefined));
    }
    expect(done).toBe(count);
  }

  it("is accepted in one round trip, a thousand in a few", async () => {
    const alone = await counted(() => enqueue(200, 1));
    expect(alone).toMatchObject({ sent: 200, scripts: 200 });
    expect(alone.inScripts / 200).toBeLessThanOrEqual(commandsPerTask.enqueueSingly);

    const bulk = await counted(() => enqueue(tasks, 1_000));
    expect(bulk.sent).toBeLessThanOrEqual((tasks / 1_000) * roundTripsPerThousand);
    expect(bulk.inScripts / tasks).toBeLessThanOrEqual(commandsPerTask.enqueueInBulk);
  });

  it("is claimed and completed in one round trip a batch", async () => {
    await enqueue(tasks, 1_000);
    const { sent, scripts, inScripts } = await counted(() => run(tasks, batch));
    // The first claim takes a round trip of its own.
    expect({ sent, scripts }).toEqual({ sent: tasks / batch + 1, scripts: tasks / batch + 1 });
    expect(inScripts / tasks).toBeLessThanOrEqual(commandsPerTask.runInBatches);
  });

  it("is claimed and completed in one round trip a task where there is one slot", async () => {
    await enqueue(200, 200);
    const { sent, inScripts } = await counted(() => run(200, 1));
    expect(sent).toBe(201);
    expect(inScripts / 200).toBeLessThanOrEqual(commandsPerTask.runSingly);
  });

  it("leaves few bytes behind when it is completed", async () => {
    const usedMemory = async () => Number(/used_memory:(\d+)/.exec(await admin.info("memory"))?.[1]);
    await enqueue(tasks, 1_000);
    await run(tasks, batch);
    const before = await usedMemory();
    await enqueue(tasks, 1_000);
    await run(tasks, batch);
    expect(((await usedMemory()) - before) / tasks).toBeLessThanOrEqual(bytesPerCompletedTask);
  });

  it("costs a worker that has nothing to do fewer than 5 commands a second", async () => {
    const noop = defineTask({
      type: "noop",
      queue: primaryQueue,
      input: z.string(),
      output: z.null(),
      run: async () => null,
    });
    const worker = createWorker({ stores, definitions: [noop] });
    worker.start();
    const seconds = 6;
    try {
      // What a start sends is none of idleness.
      await until("the worker to wait at Redis", async () =>
        /blocked_clients:[1-9]/.test(await admin.info("clients")),
      );
      const { sent } = await counted(() => new Promise((resolve) => setTimeout(resolve, seconds * 1_000)));
      expect(sent).toBeGreaterThan(0);
      expect(sent / seconds).toBeLessThan(5);
    } finally {
      await worker.drain();
    }
  });
});

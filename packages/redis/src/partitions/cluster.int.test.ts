/** A real Cluster: three nodes without replicas, four partitions, an append-only file each. */
import type { SettleRequest, Stores } from "@workstream/core";
import {
  claimRequest,
  complete,
  newTask,
  type RedisCluster,
  type RedisServer,
  startRedisCluster,
  until,
  workerId,
} from "@workstream/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRedisStores } from "../open-redis-stores.ts";
import { partitionOfId } from "./partition-ids.ts";

const partitions = 4;
const prefix = "{workstream}:";
let cluster: RedisCluster;
let stores: Stores;

beforeAll(async () => {
  const config = {
    "cluster-node-timeout": "2000",
    "cluster-require-full-coverage": "no",
    appendonly: "yes",
    // What was answered is in the file, though not on the disk: that outlives the process.
    appendfsync: "no",
  };
  cluster = await startRedisCluster(3, { config });
  stores = await openRedisStores({ url: cluster.url, prefix, partitions, commandTimeoutMs: 2_000 });
}, 60_000);

afterAll(async () => {
  await stores?.close();
  await cluster?.stop();
});

async function tasksOn({ url }: RedisServer): Promise<number> {
  const redis = new Redis(url);
  const keys = await redis.keys("*}:task:*");
  redis.disconnect();
  return keys.length;
}

const ids: string[] = [];

async function areSettled(worker: string, attempts: readonly SettleRequest[]): Promise<boolean> {
  const answer = await stores.tasks.settle(worker, attempts).catch(() => null);
  return answer?.outcomes.every((outcome) => outcome === "settled") ?? false;
}

/** Claims and completes until nothing is left, over faults; answers what was completed. */
async function workOff(worker: string): Promise<void> {
  for (;;) {
    const claimed = await stores.tasks
      .claim(claimRequest({ workerId: worker, queues: { primary: 20 }, limit: 20 }))
      .catch(() => []);
    const attempts = claimed.map(({ id, token }) => ({ id, token, settlement: complete }));
    if (attempts.length === 0) return;
    await until("every settlement", () => areSettled(worker, attempts), { timeoutMs: 25_000 });
  }
}

// One story, told in its order: what the first test makes the others work off.
describe("a Cluster of three nodes", { shuffle: false }, () => {
  it("holds tasks on every node, and lists them as one", async () => {
    for (let count = 0; count < 60; count++) {
      const id = stores.tasks.mintId();
      ids.push(id);
      await stores.tasks.enqueue(newTask(id));
    }
    for (const node of cluster.nodes) expect(await tasksOn(node)).toBeGreaterThanOrEqual(15);
    expect(new Set(ids.map((id) => partitionOfId(id, partitions))).size).toBe(partitions);
    const query = {
      filter: {},
      sortBy: "created_at",
      sortOrder: "asc",
      limit: 100,
      withBodies: false,
    } as const;
    const page = await stores.tasks.list({ ...query, position: { offset: 0 } });
    expect(page).toMatchObject({ total: 60, isTotalEstimate: false, nextCursor: null });
    expect(page.tasks.map(({ id }) => id)).toEqual(ids.toSorted());
  });

  it("wakes workers, settles and tells changes across its nodes", async () => {
    const pending: number[] = [];
    const feed = await stores.events.subscribe({
      onEvents: ({ status }) => pending.push(status.states.COMPLETED),
      onGap() {},
    });
    await stores.tasks.waitForWork(["primary"], 1_000, new AbortController().signal);
    const claimed = await stores.tasks.claim(claimRequest({ queues: { primary: 12 }, limit: 12 }));
    const attempts = claimed.map(({ id, token }) => ({ id, token, settlement: complete }));
    const { outcomes } = await stores.tasks.settle(workerId, attempts);
    expect(new Set(outcomes)).toEqual(new Set(["settled"]));
    await until("the counts", () => pending.at(-1) === 12);
    await feed.close();
  });

  it("loses nothing when a node is killed under work and comes back", async () => {
    const [, killed] = cluster.nodes;
    const batch = Array.from({ length: 120 }, () => newTask(stores.tasks.mintId()));
    for (const task of batch) await stores.tasks.enqueue(task);
    const running = await stores.tasks.claim(claimRequest({ queues: { primary: 40 }, limit: 40 }));
    await killed?.kill();
    const attempts = running.map(({ id, token }) => ({ id, token, settlement: complete }));
    const first = await stores.tasks.settle(workerId, attempts).catch(() => null);
    expect(first?.outcomes).toContain("settled");
    await workOff("while-away-1-aaaa");
    await killed?.restart();
    await until("every settlement", () => areSettled(workerId, attempts), { timeoutMs: 25_000 });
    await until(
      "the rest",
      async () => {
        await workOff("while-away-1-aaaa");
        const { states } = await stores.tasks.status().catch(() => ({ states: { COMPLETED: 0 } }));
        return states.COMPLETED === 180;
      },
      { timeoutMs: 25_000, everyMs: 100 },
    );
    for (const { id } of batch) expect((await stores.tasks.get(id))?.state).toBe("COMPLETED");
  }, 60_000);
});

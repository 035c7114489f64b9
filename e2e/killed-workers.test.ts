/**
 * The promise, on Redis: three workers with some slots for high priority alone, 2,000 tasks of which half are urgent, and workers
 * killed with -9 or frozen at random throughout.
 */
import { until } from "@workstream/testing";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { collections } from "./collections.ts";
import { Fleet } from "./fleet.ts";
import { addProbes, addTasks, unfinished } from "./gateway.ts";
import type { Program } from "./program.ts";

const taskCount = 2_000;
const kills = 12;
/** Of workers that are to claim ahead, with tasks that take no time: those that compute look slow on a busy machine. */
const fewSlots = 2;
let fleet: Fleet;

beforeEach(async () => {
  const env = { LEASE_SECONDS: "2", WORKER_CONCURRENCY: "20", WORKER_HIGH_PRIORITY_SLOTS: "5" };
  fleet = await Fleet.open({ env });
});

afterEach(() => fleet.close());

it("brings every task to exactly one terminal state, and no worker without its lease commits", async () => {
  await fleet.startGateway();
  const workers = [fleet.startWorker(), fleet.startWorker(), fleet.startWorker()];
  await fleet.workersReady(3);
  const ms = () => 50 + Math.random() * 300;
  const usual = await addProbes(fleet.url, taskCount / 2, ms);
  const urgent = await addProbes(fleet.url, taskCount / 2, ms, { priority: "high" });
  const ids = [...usual, ...urgent];

  for (let kill = 0; kill < kills; kill++) {
    await progress(fleet.redis, (taskCount * (kill + 1)) / (kills + 4));
    await strike(workers, kill);
  }
  await until("every task at rest", async () => (await unfinished(fleet.url)) === 0, {
    timeoutMs: 120_000,
    everyMs: 200,
  });

  const found = await collections(fleet.redis);
  expect(Object.values(found).flat().sort()).toEqual([...ids].sort());
  expect(found.COMPLETED!.length + found.DLQ!.length).toBe(taskCount);
  const lost = fleet.journal().filter(({ event }) => event === "start").length - taskCount;
  process.stdout.write(
    `${kills} workers struck, ${lost} attempts lost and run again, ${found.DLQ!.length} dead letters\n`,
  );
  expect(lost).toBeGreaterThan(0);
  await expectCommitsUnderTheLease(found.COMPLETED!);
});

it("loses none of what killed workers had claimed ahead of their slots", async () => {
  await fleet.startGateway();
  const ids = await addTasks(fleet.url, "busy", 5 * taskCount, () => 0);
  const held: number[] = [];
  for (let kill = 0; kill < 2; kill += 1) {
    const worker = fleet.startWorker({
      WORKER_CONCURRENCY: String(fewSlots),
      WORKER_HIGH_PRIORITY_SLOTS: "0",
    });
    await until("it to claim ahead", async () => (await heldBy(worker)) > fewSlots, { timeoutMs: 30_000 });
    await worker.end("SIGKILL");
    held.push(await heldBy(worker));
  }
  fleet.startWorker();
  await until("every task at rest", async () => (await unfinished(fleet.url)) === 0, {
    timeoutMs: 120_000,
    everyMs: 200,
  });
  const found = await collections(fleet.redis);
  expect(found.COMPLETED!.toSorted()).toEqual(ids.toSorted());
  expect(Math.max(...held)).toBeGreaterThan(fewSlots);
});

/** How many tasks the store holds for a worker. */
async function heldBy({ process: { pid } }: Program): Promise<number> {
  const [key] = await fleet.redis.keys(`worker:active_tasks:*-${pid}-*`);
  return key ? fleet.redis.scard(key) : 0;
}

/** Kills a worker and starts another; every third time one is frozen until its tasks are taken, and wakes up a zombie. */
async function strike(workers: Program[], round: number): Promise<void> {
  const working = () => workers.filter((worker) => runningTasks(worker).length > 0);
  // For a moment all may hold nothing: two were killed, and the third wakes up with what others took.
  const isOver = async () => (await unfinished(fleet.url)) === 0;
  await until("one to run something", async () => working().length > 0 || isOver(), { timeoutMs: 30_000 });
  const victim = working()[Math.floor(Math.random() * working().length)] ?? workers[0]!;
  if (round % 3 === 2) return freeze(victim);
  await victim.end("SIGKILL");
  workers[workers.indexOf(victim)] = fleet.startWorker();
}

async function freeze(victim: Program): Promise<void> {
  victim.process.kill("SIGSTOP");
  const held = runningTasks(victim);
  const areLost = () => held.length === 0 || held.some((id) => hasRunElsewhere(id, victim));
  await until("a frozen worker to lose its tasks", areLost, { timeoutMs: 30_000, everyMs: 50 });
  victim.process.kill("SIGCONT");
}

function runningTasks({ process: { pid } }: Program): string[] {
  const own = fleet.journal().filter((line) => line.pid === pid);
  const ended = new Set(own.filter(({ event }) => event === "end").map(({ id }) => id));
  return own.filter(({ event, id }) => event === "start" && !ended.has(id)).map(({ id }) => id);
}

function hasRunElsewhere(id: string, { process: { pid } }: Program): boolean {
  return fleet.journal().some((line) => line.id === id && line.pid !== pid);
}

async function expectCommitsUnderTheLease(ids: string[]): Promise<void> {
  const reads = fleet.redis.pipeline();
  for (const id of ids) reads.hmget(`task:${id}`, "state", "lease", "result");
  for (const [, answer] of (await reads.exec()) ?? []) {
    const [state, lease, result] = answer as [string, string, string];
    expect(state).toBe("COMPLETED");
    expect(JSON.parse(result).token).toBe(lease);
  }
}

async function progress(redisClient: Redis, done: number): Promise<void> {
  await until(
    `${Math.round(done)} tasks done`,
    async () => (await redisClient.zcard("tasks:completed")) >= done,
    {
      timeoutMs: 60_000,
      everyMs: 20,
    },
  );
}

/** Tasks that kill their worker, among many that don't: those are buried, and these are not. */
import { until } from "@workstream/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { collections } from "./collections.ts";
import { Fleet } from "./fleet.ts";
import { addProbes, addTasks, task, unfinished } from "./gateway.ts";
import type { Program } from "./program.ts";

const maxLostWorkers = 3;
const slots = 8;
/** Of workers that are to claim ahead, with tasks that take no time: those that compute look slow on a busy machine. */
const fewSlots = 2;
let fleet: Fleet;

beforeEach(async () => {
  fleet = await Fleet.open({ env: { LEASE_SECONDS: "2" } });
});

afterEach(() => fleet.close());

it("buries a task that killed its third worker, and none that ran beside it", async () => {
  await fleet.startGateway();
  const beside = await addProbes(fleet.url, slots - 1, () => 500);
  const [poison = ""] = await addTasks(fleet.url, "poison", 1, () => 5);
  const behind = await addProbes(fleet.url, 40, () => 20 + Math.random() * 100);
  const struck = await settle(poison, [...beside, ...behind], slots);
  // More than those when a worker is at others while the lost ones come back to it.
  expect(struck).toBeGreaterThanOrEqual(slots - 1);
});

it("buries a task that killed its third worker, and none that was claimed ahead behind it", async () => {
  await fleet.startGateway();
  // So many that a worker which was held up at the first of them knows by then how quick they are.
  const before = await addTasks(fleet.url, "busy", 1_000, () => 0);
  const [poison = ""] = await addTasks(fleet.url, "poison", 1, () => 0);
  const behind = await addTasks(fleet.url, "busy", 400, () => 0);
  const struck = await settle(poison, [...before, ...behind], fewSlots);
  expect(struck).toBeGreaterThan(fewSlots);
});

/** Lets workers run until every task is at rest, looks where all are, and answers how many others lost a worker. */
async function settle(poison: string, innocent: readonly string[], concurrency: number): Promise<number> {
  const start = () => fleet.startWorker({ WORKER_CONCURRENCY: String(concurrency) });
  const workers = [start()];
  await until("every task at rest", async () => (await supervised(workers, start)) === 0, {
    timeoutMs: 90_000,
    everyMs: 50,
  });
  const { COMPLETED, DLQ } = await collections(fleet.redis);
  const killed = workers.filter(({ isRunning }) => !isRunning).length;
  const struck = await struckTasks(innocent);
  process.stdout.write(
    `${killed} workers killed, ${struck} others lost with one, ${DLQ?.length} dead letters\n`,
  );
  expect(DLQ).toEqual([poison]);
  expect(COMPLETED?.toSorted()).toEqual([...innocent].toSorted());
  expect(killed).toBe(maxLostWorkers);
  expect(fleet.journal().filter(({ id }) => id === poison)).toHaveLength(maxLostWorkers);
  expect(await task(fleet.url, poison)).toMatchObject({ state: "DLQ", error_type: "WorkerLost" });
  return struck;
}

/** Starts another worker for one that ended, as a service manager would, and answers how many tasks are not at rest. */
async function supervised(workers: Program[], start: () => Program): Promise<number> {
  if (!workers.at(-1)?.isRunning) workers.push(start());
  return unfinished(fleet.url);
}

/** How many of these tasks have lost a worker. */
async function struckTasks(ids: readonly string[]): Promise<number> {
  const reads = fleet.redis.pipeline();
  for (const id of ids) reads.hget(`task:${id}`, "lost");
  const answers = (await reads.exec()) ?? [];
  return answers.filter(([, lost]) => Number(lost) > 0).length;
}

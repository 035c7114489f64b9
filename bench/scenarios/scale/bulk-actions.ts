/** What operators do to very many tasks at once, as a gateway runs it: a step, and a rest as long as the step took. */
import { setTimeout as rest } from "node:timers/promises";
import type { OperationRequest, Stores, TaskFilter } from "@workstream/core";
import { say } from "../../interleave.ts";
import { oursAtMost, type Row, row } from "../../scenario.ts";
import { percentile } from "../../spread.ts";
import { buryAll, enqueueOnly, type StoreOfTasks } from "./store-of-tasks.ts";

type Bulk = { action: OperationRequest["action"]; filter: TaskFilter };

const longestRestMs = 50;

/** Of as many dead letters as the size says. */
export async function measureBulkRetry(store: StoreOfTasks): Promise<Row[]> {
  await buryAll(store);
  return measure(store, "bulk retry of all dead letters", { action: "retry", filter: { state: "DLQ" } });
}

export async function measureBulkDelete(store: StoreOfTasks): Promise<Row[]> {
  await buryAll(store);
  return measure(store, "bulk delete of all dead letters", { action: "delete", filter: { state: "DLQ" } });
}

export async function measureBulkDeleteOfWaiting(store: StoreOfTasks): Promise<Row[]> {
  await enqueueOnly(store);
  return measure(store, "bulk delete of all that wait", { action: "delete", filter: {} });
}

async function measure({ stores, server, size }: StoreOfTasks, what: string, bulk: Bulk): Promise<Row[]> {
  await server.watchHolds();
  let isOver = false;
  const pings = server.pings(() => isOver);
  const startedAt = performance.now();
  await operate(stores, bulk, size);
  const seconds = (performance.now() - startedAt) / 1000;
  isOver = true;
  const times = await pings;
  say(`${what}: ${size} tasks in ${seconds.toFixed(1)} s`);
  const held = { ours: [await server.longestHold()], goal: oursAtMost(5) };
  return [
    row(what, "tasks/s", { ours: [size / seconds] }),
    row(`${what}: the longest that it held the store`, "ms", held),
    row(`${what}: ping meanwhile, p99`, "ms", { ours: [percentile(times, 0.99)] }),
  ];
}

async function operate({ operations, tasks }: Stores, bulk: Bulk, matched: number): Promise<void> {
  const lease = { owner: "bench", leaseMs: 60_000 };
  const id = tasks.mintId();
  const request = { ...bulk, taskIds: null, limit: null, resetRetryCount: false, asked: {} };
  await operations.create({ id, request, count: { matched, isEstimate: false } }, lease);
  for (let isMore = true; isMore; ) {
    const startedAt = performance.now();
    isMore = (await operations.step(id, lease)) === "more";
    await rest(Math.min(performance.now() - startedAt, longestRestMs));
  }
  const record = await operations.get(id);
  if (record?.done !== matched) throw new Error(`It did ${record?.done} of ${matched} tasks.`);
}

/** What operators do to single tasks among many, and to many at once. */
import type { Stores } from "@workstream/core";
import { say } from "../../interleave.ts";
import { oursAtMost, type Row, row } from "../../scenario.ts";
import { percentile } from "../../spread.ts";
import { timesOf } from "./reading.ts";
import type { StoreOfTasks } from "./store-of-tasks.ts";

const samples = 300;

export async function measureSingleActions({ stores, server, waiting, dead }: StoreOfTasks): Promise<Row[]> {
  const { tasks } = stores;
  const [cancelled, deleted] = [waiting.slice(0, samples), waiting.slice(samples, 2 * samples)];
  const [retried, buried] = [dead.slice(0, samples), dead.slice(samples, 2 * samples)];
  const acts: Record<string, { ids: string[]; act: (id: string) => Promise<unknown> }> = {
    "cancel a waiting task": { ids: cancelled, act: (id) => tasks.cancel(id, "measured") },
    "delete a waiting task": { ids: deleted, act: (id) => tasks.delete(id) },
    "retry a dead task": { ids: retried, act: (id) => tasks.retry(id, { resetRetryCount: true }) },
    "delete a dead task": { ids: buried, act: (id) => tasks.delete(id) },
  };
  const before = await tasks.status();
  await server.watchHolds();
  const rows: Row[] = [];
  for (const [what, { ids, act }] of Object.entries(acts)) {
    const times = await timesOf((turn) => act(ids[turn] ?? ""), ids.length);
    rows.push(row(`${what}, p99`, "ms", { ours: [percentile(times, 0.99)], goal: oursAtMost(2) }));
  }
  const after = await tasks.status();
  const expected = {
    PENDING: before.states.PENDING - cancelled.length - deleted.length + retried.length,
    DLQ: before.states.DLQ - retried.length - buried.length,
    CANCELLED: before.states.CANCELLED + cancelled.length,
  };
  const off = Object.entries(expected).map(([state, count]) =>
    Math.abs(after.states[state as keyof typeof expected] - count),
  );
  return [
    ...rows,
    row("tasks that a count is off by afterwards", "tasks", {
      ours: [Math.max(...off)],
      goal: oursAtMost(0),
    }),
    row("the longest that one of these held the store", "ms", { ours: [await server.longestHold()] }),
  ];
}

type Bulk = { action: "retry" | "delete"; filter: { state?: "DLQ" } };

/** Each in turn: retry of every dead letter, deletion of everything. Ping: on a connection of its own meanwhile. */
export async function measureBulkActions(store: StoreOfTasks): Promise<Row[]> {
  if (operationsOf(store.stores) === undefined) {
    say("these stores have no bulk operations");
    return [];
  }
  const retry = await measureBulk(store, "bulk retry of all dead letters", {
    ...{ action: "retry", filter: { state: "DLQ" } },
  });
  return [
    ...retry,
    ...(await measureBulk(store, "bulk delete of everything", { action: "delete", filter: {} })),
  ];
}

async function measureBulk({ stores, server }: StoreOfTasks, what: string, bulk: Bulk): Promise<Row[]> {
  const { states } = await stores.tasks.status();
  const all = Object.values(states).reduce((sum, count) => sum + count, 0);
  const matched = bulk.filter.state ? states[bulk.filter.state] : all;
  await server.watchHolds();
  let isOver = false;
  const pings = server.pings(() => isOver);
  const startedAt = performance.now();
  await operate(stores, bulk, matched);
  const seconds = (performance.now() - startedAt) / 1000;
  isOver = true;
  say(`${what}: ${matched} tasks in ${seconds.toFixed(1)} s`);
  return [
    row(`${what}: tasks`, "tasks/s", { ours: [matched / seconds] }),
    row(`${what}: the longest that it held the store`, "ms", {
      ...{ ours: [await server.longestHold()], goal: oursAtMost(5) },
    }),
    row(`${what}: ping meanwhile, p99`, "ms", { ours: [percentile(await pings, 0.99)] }),
  ];
}

async function operate(stores: Stores, { action, filter }: Bulk, matched: number): Promise<void> {
  const operations = operationsOf(stores);
  const lease = { owner: "bench", leaseMs: 60_000 };
  const id = stores.tasks.mintId();
  const request = { action, filter, taskIds: null, limit: null, resetRetryCount: false, asked: {} };
  await operations?.create({ id, request, count: { matched, isEstimate: false } }, lease);
  while ((await operations?.step(id, lease)) === "more");
  const record = await operations?.get(id);
  if (record?.done !== matched) throw new Error(`It did ${record?.done} of ${matched} tasks.`);
}

type Operations = {
  create(operation: object, lease: object): Promise<string>;
  step(id: string, lease: object): Promise<"more" | "ended" | "lease_lost">;
  get(id: string): Promise<{ done: number } | null>;
};

/** The port of bulk operations, where stores have it. */
function operationsOf(stores: Stores): Operations | undefined {
  return (stores as { operations?: Operations }).operations;
}

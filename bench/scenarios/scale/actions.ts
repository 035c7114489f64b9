/** What operators do to single tasks among many. */
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

/** How fast a worker's retention takes completed tasks away, one call after the other. */
import type { RetentionPolicy, Stores } from "@workstream/core";
import { oursAtLeast, oursAtMost, type Row, row } from "../../scenario.ts";
import type { StoreOfTasks } from "./store-of-tasks.ts";

const none = { maxAgeMs: 864e5, maxCount: 0 };
const policy: RetentionPolicy = { COMPLETED: none, FAILED: none, DLQ: none, CANCELLED: none };
const atOnce = 200;

export async function measureRetention({ stores, server }: StoreOfTasks, tasks: number): Promise<Row[]> {
  await server.watchHolds();
  const startedAt = performance.now();
  const pruned = await prune(stores, tasks);
  const seconds = (performance.now() - startedAt) / 1000;
  return [
    row("retention: removed by one worker", "tasks/s", {
      ours: [pruned / seconds],
      goal: oursAtLeast(20_000),
    }),
    row("retention: the longest that it held the store", "ms", {
      ...{ ours: [await server.longestHold()], goal: oursAtMost(5) },
    }),
  ];
}

async function prune({ tasks }: Stores, wanted: number): Promise<number> {
  let pruned = 0;
  while (pruned < wanted) {
    const answer = await tasks.prune(policy, atOnce);
    if (answer.pruned === 0) break;
    pruned += answer.pruned;
  }
  return pruned;
}

import type { WorkerDetail } from "@workstream/core";
import { lagLimitMs } from "./attention-workers.ts";

/** How much a worker deserves a look: trouble first, then work. */
function weight({ status, event_loop_lag_ms, active_tasks, concurrency }: WorkerDetail): number {
  const trouble = status === "stale" ? 4 : event_loop_lag_ms > lagLimitMs ? 3 : status === "draining" ? 2 : 0;
  return trouble + active_tasks / Math.max(1, concurrency);
}

export function busiestWorkers(workers: readonly WorkerDetail[], count: number): WorkerDetail[] {
  return [...workers]
    .sort((a, b) => weight(b) - weight(a) || a.worker_name.localeCompare(b.worker_name))
    .slice(0, count);
}

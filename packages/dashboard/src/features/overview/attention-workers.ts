import type { WorkerDetail } from "@workstream/core";
import { formatDuration } from "../../lib/format/durations.ts";
import { countOf } from "../../lib/format/numbers.ts";
import type { Attention } from "./attention.ts";
import { liveWorkers, type SystemFacts } from "./system-facts.ts";

/** Above this a worker is so busy with itself that its heartbeats come late. */
export const lagLimitMs = 200;
/** More workers with the same trouble share one entry. */
const namedAtMost = 2;

export function workerTroubles(facts: SystemFacts): Attention[] {
  const { fleet } = facts;
  if (fleet === null) return [];
  if (liveWorkers(fleet).length === 0) return [noWorker(facts)];
  const stale = fleet.worker_details.filter(({ status }) => status === "stale");
  const lagging = liveWorkers(fleet)
    .filter((worker) => worker.event_loop_lag_ms > lagLimitMs)
    .sort((a, b) => b.event_loop_lag_ms - a.event_loop_lag_ms);
  return [...silent(stale), ...slow(lagging)];
}

function noWorker({ status }: SystemFacts): Attention {
  const waiting = (status?.states.PENDING ?? 0) + (status?.states.SCHEDULED ?? 0);
  const effect = waiting === 0 ? "New tasks would wait" : `${countOf(waiting, "task")} can't run`;
  return {
    key: "no worker",
    severity: "broken",
    title: "No worker is alive",
    detail: `${effect}. Start one: workstream worker`,
    action: { label: "Workers", link: { to: "/workers" } },
  };
}

function silent(workers: readonly WorkerDetail[]): Attention[] {
  if (workers.length > namedAtMost) {
    return [
      entry("silent", "degraded", {
        title: `${workers.length} workers have gone silent`,
        detail: "Their tasks go to others when their leases run out",
      }),
    ];
  }
  return workers.map((worker) =>
    entry(`silent ${worker.worker_id}`, "degraded", {
      title: `${worker.worker_name} has gone silent`,
      detail: `No heartbeat for ${formatDuration(worker.heartbeat_age_seconds * 1000)}; ${lostTasks(worker)}`,
      worker,
    }),
  );
}

function lostTasks({ active_task_ids: { length: count } }: WorkerDetail): string {
  if (count === 0) return "it ran nothing";
  return count === 1
    ? "its task goes to another when the lease runs out"
    : `its ${count} tasks go to others when their leases run out`;
}

function slow(workers: readonly WorkerDetail[]): Attention[] {
  const [worst] = workers;
  if (worst !== undefined && workers.length > namedAtMost) {
    return [
      entry("lag", "degraded", {
        title: `${workers.length} workers have event-loop lag`,
        detail: `The worst, ${worst.worker_name}, ${formatDuration(worst.event_loop_lag_ms)}`,
      }),
    ];
  }
  return workers.map((worker) =>
    entry(`lag ${worker.worker_id}`, "degraded", {
      title: `${worker.worker_name} has event-loop lag of ${formatDuration(worker.event_loop_lag_ms)}`,
      detail: lagDetail(worker),
      worker,
    }),
  );
}

function lagDetail({ active_tasks: running }: WorkerDetail): string {
  return running === 0
    ? "It runs nothing: its machine may be busy with something else"
    : `It runs ${countOf(running, "task")}; one of them may keep it from everything else`;
}

type EntryText = { title: string; detail: string; worker?: WorkerDetail };

function entry(
  key: string,
  severity: Attention["severity"],
  { title, detail, worker }: EntryText,
): Attention {
  const link = { to: "/workers", ...(worker && { search: { worker: worker.worker_id } }) } as const;
  return { key, severity, title, detail, action: { label: "Look", link } };
}

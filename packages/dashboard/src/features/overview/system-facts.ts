/** Everything that the headline and the list of troubles are told from. Null: not known (yet). */
import type {
  ErrorGroups,
  GuardedServiceView,
  OpenRouterCredits,
  OpenRouterStatusView,
  QueueOverview,
  QueueOverviews,
  WorkerDetail,
  WorkerFleet,
} from "@workstream/core";
import type { Connection } from "../../lib/live/live-feed.ts";
import type { LiveStatus } from "../../lib/live/live-state.ts";
import type { Flow } from "./flow.ts";

export type SystemFacts = {
  connection: Pick<Connection, "state" | "heardAt">;
  status: LiveStatus | null;
  queues: QueueOverviews | null;
  fleet: WorkerFleet | null;
  services: readonly GuardedServiceView[] | null;
  flow: Flow | null;
  errorGroups: ErrorGroups | null;
  openrouter: OpenRouterStatusView | null;
  credits: OpenRouterCredits | null;
  storeWarnings: readonly string[];
  nowMs: number;
};

/** Workers that heartbeat, draining ones too. */
export function liveWorkers(fleet: WorkerFleet): WorkerDetail[] {
  return fleet.worker_details.filter(({ status }) => status !== "stale");
}

/** Workers that take new tasks. */
export function consumingWorkers(fleet: WorkerFleet): WorkerDetail[] {
  return fleet.worker_details.filter(({ status }) => status === "healthy");
}

export type Slots = { used: number; all: number };

export function slotsOf(fleet: WorkerFleet): Slots {
  const workers = liveWorkers(fleet);
  return {
    used: workers.reduce((sum, worker) => sum + worker.active_tasks, 0),
    all: workers.reduce((sum, worker) => sum + worker.concurrency, 0),
  };
}

export function pausedWithTasks({ queues }: QueueOverviews): QueueOverview[] {
  return queues.filter(({ paused, waiting }) => paused && waiting > 0);
}

/** The longest that a task waits which nothing but workers keep waiting; null: none does. */
export function oldestSeconds({ queues }: QueueOverviews): number | null {
  const ages = queues.flatMap(({ paused, oldest_waiting_seconds: age }) =>
    paused || age === null ? [] : [age],
  );
  return ages.length === 0 ? null : Math.max(...ages);
}

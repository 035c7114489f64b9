import type {
  GuardedServiceView,
  QueueOverview,
  TaskState,
  WorkerDetail,
  WorkerFleet,
} from "@workstream/core";
import type { SystemFacts } from "./system-facts.ts";

const at = "2026-01-01T12:00:00.000Z";

const closed = { state: "closed", fail_count: 0, success_count: 0, opened_at: null, retry_at: null } as const;

export function service(change: Partial<GuardedServiceView> = {}): GuardedServiceView {
  return { service: "openrouter", ...closed, limiter: null, ...change };
}

export function limiter(change: Partial<NonNullable<GuardedServiceView["limiter"]>> = {}) {
  const limit = { requests: 230, interval_seconds: 10 };
  return {
    ...limit,
    configured: limit,
    tokens: 230,
    kept_back: 0,
    wait_seconds: 0,
    held_until: null,
    ...change,
  };
}

export function worker(change: Partial<WorkerDetail> = {}): WorkerDetail {
  return {
    worker_id: "w-1",
    worker_name: "host-1",
    status: "healthy",
    last_heartbeat: 0,
    heartbeat_age_seconds: 1,
    hostname: "host",
    pid: 1,
    version: "0.1.0",
    concurrency: 10,
    high_priority_slots: 0,
    active_tasks: 4,
    active_task_ids: ["t-1", "t-2", "t-3", "t-4"],
    completed: 0,
    failed: 0,
    event_loop_lag_ms: 3,
    memory_bytes: 0,
    circuit_breaker: closed,
    ...change,
  };
}

export function fleetOf(...workers: WorkerDetail[]): WorkerFleet {
  const count = (status: string) => workers.filter((one) => one.status === status).length;
  return {
    overall_status: "healthy",
    total_workers: workers.length,
    healthy_workers: count("healthy"),
    stale_workers: count("stale"),
    circuit_breaker_states: { closed: workers.length, open: 0, "half-open": 0 },
    worker_details: workers,
    services: [],
    timestamp: at,
  };
}

export function queue(change: Partial<QueueOverview> = {}): QueueOverview {
  return {
    queue: "primary",
    waiting: 0,
    lanes: { high: 0, normal: 0, low: 0, retry: 0 },
    oldest_waiting_at: null,
    oldest_waiting_seconds: null,
    paused: false,
    workers: 1,
    ...change,
  };
}

export function queuesOf(...queues: QueueOverview[]): NonNullable<SystemFacts["queues"]> {
  return {
    queues,
    scheduled: { waiting: 0, next_due_at: null },
    dead_letters: { waiting: 0, oldest_at: null, newest_at: null },
    timestamp: at,
  };
}

export function statusOf(
  states: Partial<Record<TaskState, number>>,
  queues: Record<string, number> = {},
): NonNullable<SystemFacts["status"]> {
  const none = { PENDING: 0, ACTIVE: 0, COMPLETED: 0, FAILED: 0, SCHEDULED: 0, DLQ: 0, CANCELLED: 0 };
  return { states: { ...none, ...states }, queues, retryRatio: 0.2, toldAt: 0 };
}

/** A system in which everything is known and nothing is wrong. */
export function facts(change: Partial<SystemFacts> = {}): SystemFacts {
  return {
    connection: { state: "open", heardAt: Date.parse(at) },
    status: statusOf({}),
    queues: queuesOf(queue()),
    fleet: fleetOf(worker()),
    services: [service()],
    flow: { in: 0, out: 0, net: 0 },
    errorGroups: null,
    openrouter: null,
    credits: null,
    storeWarnings: [],
    nowMs: Date.parse(at),
    ...change,
  };
}

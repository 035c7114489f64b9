/** The fleet as clients see it. */
import { z } from "zod";
import { staleAfterMs, type WorkerView } from "../ports/workers.ts";
import { instantSchema, nullableInstantSchema, toInstant } from "./wire-instant.ts";

const breakerStates = ["closed", "open", "half-open"] as const;
const workerStatuses = ["healthy", "stale", "draining"] as const;
export type WorkerStatus = (typeof workerStatuses)[number];

export const circuitBreakerSchema = z.object({
  state: z.enum(breakerStates),
  fail_count: z.int(),
  success_count: z.int(),
  opened_at: nullableInstantSchema,
  retry_at: nullableInstantSchema,
});
export type CircuitBreaker = z.infer<typeof circuitBreakerSchema>;

const workerDetailSchema = z.object({
  worker_id: z.string(),
  worker_name: z.string(),
  status: z.enum(workerStatuses),
  last_heartbeat: z.number().meta({ description: "Unix seconds" }),
  heartbeat_age_seconds: z.number(),
  hostname: z.string(),
  pid: z.int(),
  version: z.string(),
  concurrency: z.int(),
  active_tasks: z.int(),
  active_task_ids: z.array(z.string()),
  completed: z.int(),
  failed: z.int(),
  event_loop_lag_ms: z.number(),
  memory_bytes: z.number(),
  circuit_breaker: circuitBreakerSchema,
});
export type WorkerDetail = z.infer<typeof workerDetailSchema>;

export const serviceBreakerSchema = circuitBreakerSchema.extend({ service: z.string() });
export type ServiceBreaker = z.infer<typeof serviceBreakerSchema>;

export const workerFleetSchema = z.object({
  overall_status: z.enum(["healthy", "degraded"]),
  total_workers: z.int(),
  healthy_workers: z.int(),
  stale_workers: z.int(),
  circuit_breaker_states: z.record(z.enum(breakerStates), z.int()),
  worker_details: z.array(workerDetailSchema),
  services: z.array(serviceBreakerSchema),
  timestamp: instantSchema,
});
export type WorkerFleet = z.infer<typeof workerFleetSchema>;

export const closedBreaker: CircuitBreaker = {
  state: "closed",
  fail_count: 0,
  success_count: 0,
  opened_at: null,
  retry_at: null,
};

export function workerStatus(worker: WorkerView): WorkerStatus {
  if (worker.beatAgeMs > staleAfterMs) return "stale";
  return worker.isDraining ? "draining" : "healthy";
}

/** Degraded: no worker is healthy, or one has gone silent. */
export function toWorkerFleet(workers: readonly WorkerView[], nowMs: number): WorkerFleet {
  const details = workers.map(toWorkerDetail);
  const count = (status: WorkerStatus) => details.filter((worker) => worker.status === status).length;
  const isHealthy = count("healthy") > 0 && count("stale") === 0;
  return {
    overall_status: isHealthy ? "healthy" : "degraded",
    total_workers: details.length,
    healthy_workers: count("healthy"),
    stale_workers: count("stale"),
    circuit_breaker_states: { closed: details.length, open: 0, "half-open": 0 },
    worker_details: details,
    services: [],
    timestamp: toInstant(nowMs),
  };
}

function toWorkerDetail(worker: WorkerView): WorkerDetail {
  return {
    worker_id: worker.workerId,
    worker_name: `${worker.hostname}-${worker.pid}`,
    status: workerStatus(worker),
    last_heartbeat: Math.floor(worker.lastBeatAt / 1000),
    heartbeat_age_seconds: Math.max(0, worker.beatAgeMs) / 1000,
    hostname: worker.hostname,
    pid: worker.pid,
    version: worker.version,
    concurrency: worker.concurrency,
    active_tasks: worker.activeTaskIds.length,
    active_task_ids: worker.activeTaskIds,
    completed: worker.completed,
    failed: worker.failed,
    event_loop_lag_ms: worker.eventLoopLagMs,
    memory_bytes: worker.memoryBytes,
    circuit_breaker: closedBreaker,
  };
}

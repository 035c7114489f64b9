/** The fleet as clients see it. */
import { z } from "zod";
import { busySlots, staleAfterMs, type WorkerView } from "../ports/workers.ts";
import {
  breakerStates,
  type CircuitBreaker,
  circuitBreakerSchema,
  closedBreaker,
} from "./circuit-breaker.ts";
import { type GuardedServiceView, guardedServiceSchema } from "./guarded-service.ts";
import { openRouterName } from "./openrouter.ts";
import { instantSchema, toInstant } from "./wire-instant.ts";

const workerStatuses = ["healthy", "stale", "draining"] as const;
export type WorkerStatus = (typeof workerStatuses)[number];

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
  high_priority_slots: z.int().meta({
    description: "Of `concurrency`, those that take tasks of high priority alone",
  }),
  active_tasks: z.int().meta({ description: "Slots whose handler runs" }),
  active_task_ids: z.array(z.string()).meta({
    description: "What it holds: beyond `active_tasks`, tasks that it claimed ahead of a free slot",
  }),
  completed: z.int(),
  failed: z.int(),
  event_loop_lag_ms: z.number(),
  memory_bytes: z.number(),
  circuit_breaker: circuitBreakerSchema,
});
export type WorkerDetail = z.infer<typeof workerDetailSchema>;

export const workerFleetSchema = z.object({
  overall_status: z.enum(["healthy", "degraded"]),
  total_workers: z.int(),
  healthy_workers: z.int(),
  stale_workers: z.int(),
  circuit_breaker_states: z.record(z.enum(breakerStates), z.int()),
  worker_details: z.array(workerDetailSchema),
  services: z.array(guardedServiceSchema),
  timestamp: instantSchema,
});
export type WorkerFleet = z.infer<typeof workerFleetSchema>;

export function workerStatus(worker: WorkerView): WorkerStatus {
  if (worker.beatAgeMs > staleAfterMs) return "stale";
  return worker.isDraining ? "draining" : "healthy";
}

/** Degraded: no worker is healthy, or one has gone silent. Breakers change nothing: they are shared by the fleet. */
export function toWorkerFleet(
  workers: readonly WorkerView[],
  services: readonly GuardedServiceView[],
  nowMs: number,
): WorkerFleet {
  const breaker = sharedBreaker(services);
  const details = workers.map((worker) => toWorkerDetail(worker, breaker));
  const count = (status: WorkerStatus) => details.filter((worker) => worker.status === status).length;
  const isHealthy = count("healthy") > 0 && count("stale") === 0;
  return {
    overall_status: isHealthy ? "healthy" : "degraded",
    total_workers: details.length,
    healthy_workers: count("healthy"),
    stale_workers: count("stale"),
    circuit_breaker_states: { closed: 0, open: 0, "half-open": 0, [breaker.state]: details.length },
    worker_details: details,
    services: [...services],
    timestamp: toInstant(nowMs),
  };
}

/** What every worker shows: the breaker of OpenRouter, closed where nobody has called it. */
function sharedBreaker(services: readonly GuardedServiceView[]): CircuitBreaker {
  const found = services.find(({ service }) => service === openRouterName);
  if (!found) return closedBreaker;
  const { service: _, limiter: __, ...breaker } = found;
  return breaker;
}

function toWorkerDetail(worker: WorkerView, breaker: CircuitBreaker): WorkerDetail {
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
    high_priority_slots: worker.highPrioritySlots,
    active_tasks: busySlots(worker),
    active_task_ids: worker.activeTaskIds,
    completed: worker.completed,
    failed: worker.failed,
    event_loop_lag_ms: worker.eventLoopLagMs,
    memory_bytes: worker.memoryBytes,
    circuit_breaker: breaker,
  };
}

import { describe, expect, it } from "vitest";
import { staleAfterMs, type WorkerView } from "../ports/workers.ts";
import { toWorkerFleet, workerFleetSchema } from "./worker-fleet.ts";

const nowMs = Date.UTC(2026, 0, 31, 12);

function worker(given: Partial<WorkerView> = {}): WorkerView {
  return {
    workerId: "host-7-abc",
    hostname: "host",
    pid: 7,
    version: "1.0.0",
    concurrency: 4,
    highPrioritySlots: 0,
    queues: ["primary"],
    types: ["summarize"],
    isDraining: false,
    completed: 10,
    failed: 1,
    eventLoopLagMs: 1.5,
    memoryBytes: 1e8,
    claimLoopAgeMs: 20,
    lastBeatAt: nowMs - 1_500,
    beatAgeMs: 1_500,
    activeTaskIds: ["t1", "t2"],
    ...given,
  };
}

describe("the fleet", () => {
  it("counts as busy no more than there are slots, however much a worker holds", () => {
    const activeTaskIds = ["t1", "t2", "t3"];
    const busy = worker({ concurrency: 2, highPrioritySlots: 1, activeTaskIds });
    const [detail] = toWorkerFleet([busy], [], nowMs).worker_details;
    expect(detail).toMatchObject({
      ...{ concurrency: 2, high_priority_slots: 1, active_tasks: 2, active_task_ids: activeTaskIds },
    });
  });

  it("is healthy while every worker beats", () => {
    const fleet = toWorkerFleet([worker()], [], nowMs);
    expect(workerFleetSchema.encode(fleet)).toEqual(fleet);
    expect(fleet).toMatchObject({
      overall_status: "healthy",
      total_workers: 1,
      healthy_workers: 1,
      stale_workers: 0,
      circuit_breaker_states: { closed: 1, open: 0, "half-open": 0 },
      services: [],
    });
    expect(fleet.worker_details[0]).toMatchObject({
      status: "healthy",
      last_heartbeat: Math.floor((nowMs - 1_500) / 1000),
      heartbeat_age_seconds: 1.5,
      active_tasks: 2,
      active_task_ids: ["t1", "t2"],
      circuit_breaker: { state: "closed", fail_count: 0, success_count: 0, opened_at: null, retry_at: null },
    });
  });

  it("is degraded without workers, with draining ones alone, and with a silent one", () => {
    const silent = worker({ beatAgeMs: staleAfterMs + 1, isDraining: true });
    const draining = worker({ isDraining: true });
    expect(toWorkerFleet([], [], nowMs).overall_status).toBe("degraded");
    expect(toWorkerFleet([draining], [], nowMs).overall_status).toBe("degraded");
    expect(toWorkerFleet([worker(), silent], [], nowMs)).toMatchObject({
      overall_status: "degraded",
      stale_workers: 1,
    });
    expect(toWorkerFleet([worker(), draining], [], nowMs)).toMatchObject({
      overall_status: "healthy",
      healthy_workers: 1,
    });
  });
});

import { type StoreHealth, staleAfterMs, stalledAfterMs, type WorkerView } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { gatewayHealth } from "./gateway-health.ts";

const store: StoreHealth = {
  kind: "redis",
  isConnected: true,
  responseTimeMs: 1,
  warnings: [],
  isSafe: true,
};

function worker(given: Partial<WorkerView> = {}): WorkerView {
  return {
    workerId: "host-7-abc",
    hostname: "host",
    pid: 7,
    version: "1.0.0",
    concurrency: 4,
    highPrioritySlots: 0,
    queues: [],
    types: [],
    isDraining: false,
    completed: 0,
    failed: 0,
    eventLoopLagMs: 0,
    memoryBytes: 0,
    claimLoopAgeMs: 0,
    lastBeatAt: 0,
    beatAgeMs: 0,
    activeTaskIds: [],
    ...given,
  };
}

function verdict(state: StoreHealth, workers: WorkerView[] | null, waiting: Record<string, number> = {}) {
  return gatewayHealth(state, { workers, waiting }, 0);
}

describe("gatewayHealth", () => {
  it("is healthy with a store that answers and a worker that claims", () => {
    expect(verdict(store, [worker()])).toEqual({
      status: "healthy",
      components: { redis: true, workers: true, store: "redis" },
      note: null,
      timestamp: "1970-01-01T00:00:00.000Z",
    });
  });

  it("is degraded without a live worker", () => {
    const stale = worker({ beatAgeMs: staleAfterMs + 1 });
    for (const workers of [[], [stale], null]) {
      const health = verdict(store, workers);
      expect(health).toMatchObject({ status: "degraded", components: { workers: false } });
      expect(health.note).toContain("No worker is alive");
    }
  });

  it("is degraded while every worker drains", () => {
    expect(verdict(store, [worker({ isDraining: true })])).toMatchObject({
      status: "degraded",
      components: { workers: true },
    });
  });

  it("names the worker that beats and does not claim", () => {
    const health = verdict(store, [
      worker(),
      worker({ workerId: "stuck", claimLoopAgeMs: stalledAfterMs + 1 }),
    ]);
    expect(health.status).toBe("degraded");
    expect(health.note).toContain("Worker stuck beats");
  });

  it("is unhealthy when the store is gone or unsafe", () => {
    const gone = verdict({ ...store, isConnected: false }, null);
    expect(gone).toMatchObject({
      status: "unhealthy",
      components: { redis: false },
      note: "The store does not answer.",
    });
    const warnings = ["maxmemory-policy is allkeys-lru."];
    const unsafe = verdict({ ...store, isSafe: false, warnings }, [worker()]);
    expect(unsafe.status).toBe("unhealthy");
    expect(unsafe.note).toContain("allkeys-lru");
  });

  it("passes warnings on without a verdict", () => {
    expect(verdict({ ...store, warnings: ["Nothing is persisted."] }, [worker()])).toMatchObject({
      status: "healthy",
      note: "Nothing is persisted.",
    });
  });

  it("is degraded when tasks wait where no live worker looks", () => {
    const serving = worker({ queues: ["primary"] });
    expect(
      verdict(store, [serving], { primary: 9, retry: 3, scheduled: 2, dlq: 1, reports: 0 }).note,
    ).toBeNull();
    expect(verdict(store, [serving], { primary: 9, reports: 2 })).toMatchObject({
      status: "degraded",
      note: "2 tasks wait on queue reports, which no live worker serves.",
    });
  });
});

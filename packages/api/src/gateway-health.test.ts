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

describe("gatewayHealth", () => {
  it("is healthy with a store that answers and a worker that claims", () => {
    expect(gatewayHealth(store, [worker()], 0)).toEqual({
      status: "healthy",
      components: { redis: true, workers: true, store: "redis" },
      note: null,
      timestamp: "1970-01-01T00:00:00.000Z",
    });
  });

  it("is degraded without a live worker", () => {
    const stale = worker({ beatAgeMs: staleAfterMs + 1 });
    for (const workers of [[], [stale], null]) {
      const health = gatewayHealth(store, workers, 0);
      expect(health).toMatchObject({ status: "degraded", components: { workers: false } });
      expect(health.note).toContain("No worker is alive");
    }
  });

  it("is degraded while every worker drains", () => {
    expect(gatewayHealth(store, [worker({ isDraining: true })], 0)).toMatchObject({
      status: "degraded",
      components: { workers: true },
    });
  });

  it("names the worker that beats and does not claim", () => {
    const health = gatewayHealth(
      store,
      [worker(), worker({ workerId: "stuck", claimLoopAgeMs: stalledAfterMs + 1 })],
      0,
    );
    expect(health.status).toBe("degraded");
    expect(health.note).toContain("Worker stuck beats");
  });

  it("is unhealthy when the store is gone or unsafe", () => {
    const gone = gatewayHealth({ ...store, isConnected: false }, null, 0);
    expect(gone).toMatchObject({
      status: "unhealthy",
      components: { redis: false },
      note: "The store does not answer.",
    });
    const warnings = ["maxmemory-policy is allkeys-lru."];
    const unsafe = gatewayHealth({ ...store, isSafe: false, warnings }, [worker()], 0);
    expect(unsafe.status).toBe("unhealthy");
    expect(unsafe.note).toContain("allkeys-lru");
  });

  it("passes warnings on without a verdict", () => {
    expect(gatewayHealth({ ...store, warnings: ["Nothing is persisted."] }, [worker()], 0)).toMatchObject({
      status: "healthy",
      note: "Nothing is persisted.",
    });
  });
});

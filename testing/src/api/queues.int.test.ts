import { errorGroup, staleAfterMs, type WorkerBeat } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { failed, workerId } from "../task-driver.ts";
import { useApi } from "./api-stage.ts";

const openApi = useApi();

const beat: WorkerBeat = {
  workerId,
  hostname: "host",
  pid: 1,
  version: "1.2.3",
  concurrency: 4,
  highPrioritySlots: 0,
  queues: ["primary"],
  types: ["summarize"],
  isDraining: false,
  completed: 5,
  failed: 1,
  eventLoopLagMs: 2,
  memoryBytes: 1e8,
  claimLoopAgeMs: 10,
};

describe("queues", () => {
  it("tell their depths, with every name and state always there", async () => {
    const { ask, driver } = await openApi();
    await driver.enqueueMany(3);
    await driver.enqueue({ queue: "reports" });
    const { body } = await ask("GET", "/api/v1/queues/status/");
    expect(body).toEqual({
      queues: { primary: 3, retry: 0, scheduled: 0, dlq: 0, reports: 1 },
      states: { PENDING: 4, ACTIVE: 0, COMPLETED: 0, FAILED: 0, SCHEDULED: 0, DLQ: 0, CANCELLED: 0 },
      retry_ratio: 0.3,
      paused_queues: [],
    });
  });

  it("give an overview of all, those that nothing was ever in too", async () => {
    const { ask, driver, stores, clock } = await openApi();
    await stores.workers.beat({ ...beat, queues: ["primary", "mail"] });
    await stores.workers.beat({ ...beat, workerId: "drains", isDraining: true });
    await driver.enqueue({ queue: "mail", priority: "high" });
    await driver.enqueue({ delayMs: 9_000 });
    await driver.ran(failed({ to: "DLQ" }));
    await ask("POST", "/api/v1/queues/mail/pause");
    clock.advance(1_500);
    const { body } = await ask("GET", "/api/v1/queues");
    const none = { high: 0, normal: 0, low: 0, retry: 0 };
    const empty = { waiting: 0, lanes: none, oldest_waiting_at: null, oldest_waiting_seconds: null };
    expect(body.queues).toEqual([
      { queue: "primary", ...empty, paused: false, workers: 1 },
      { queue: "retry", ...empty, paused: false, workers: 1 },
      { queue: "archive", ...empty, paused: false, workers: 0 },
      {
        queue: "mail",
        waiting: 1,
        lanes: { ...none, high: 1 },
        oldest_waiting_at: new Date(clock.now() - 1_500).toISOString(),
        oldest_waiting_seconds: 1.5,
        paused: true,
        workers: 1,
      },
      { queue: "reports", ...empty, paused: false, workers: 0 },
    ]);
    expect(body.scheduled).toEqual({
      waiting: 1,
      next_due_at: new Date(clock.now() + 7_500).toISOString(),
    });
    const deadAt = new Date(clock.now() - 1_500).toISOString();
    expect(body.dead_letters).toEqual({ waiting: 1, oldest_at: deadAt, newest_at: deadAt });
    clock.advance(staleAfterMs);
    const later = (await ask("GET", "/api/v1/queues")).body.queues[0];
    expect(later).toMatchObject({ queue: "primary", workers: 0 });
  });

  it("list what waits, in the order in which it will run", async () => {
    const { ask, driver } = await openApi();
    const ids = await driver.enqueueMany(12);
    expect((await ask("GET", "/api/v1/queues/primary/tasks")).body).toEqual(ids.slice(0, 10));
    expect((await ask("GET", "/api/v1/queues/primary/tasks?limit=1000")).body).toEqual(ids);
    expect((await ask("GET", "/api/v1/queues/scheduled/tasks")).body).toEqual([]);
    const unknown = await ask("GET", "/api/v1/queues/No%20Queue/tasks");
    expect([unknown.status, unknown.body.code]).toEqual([422, "unknown_queue"]);
    expect(unknown.body.detail).toContain("GET /api/v1/queues lists them.");
    expect((await ask("GET", "/api/v1/queues/primary/tasks?limit=1001")).status).toBe(422);
  });

  it("show dead letters whole", async () => {
    const { ask, driver } = await openApi();
    const id = await driver.ran(failed({ to: "DLQ" }));
    const { body } = await ask("GET", "/api/v1/queues/dlq");
    expect(body).toMatchObject([{ task_id: id, state: "DLQ", error_history: [{ error: "it broke" }] }]);
  });

  it("group dead letters by cause, and list those of one", async () => {
    const { ask, driver, clock } = await openApi();
    const diedAt = new Date(clock.now()).toISOString();
    const first = await driver.ran(failed({ to: "DLQ" }, "Default", "row 17 is broken"));
    const second = await driver.ran(failed({ to: "DLQ" }, "Default", "row 18 is broken"));
    await driver.ran(failed({ to: "DLQ" }, "PermanentError", "row 18 is broken"));
    clock.advance(1);
    const { body } = await ask("GET", "/api/v1/queues/dlq/groups");
    expect(body).toMatchObject({ total_groups: 2, total_dead_letters: 3, timestamp: expect.any(String) });
    const group = body.groups.find((each: { count: number }) => each.count === 2);
    expect(group).toEqual({
      ...{ error_group: errorGroup("echo", "Default", "row 1 is broken"), task_type: "echo" },
      ...{ error_type: "Default", message: "row 18 is broken", count: 2 },
      ...{ first_seen_at: diedAt, last_seen_at: diedAt, sample_task_ids: [second, first] },
    });
    const found = await ask("GET", `/api/v1/tasks/summaries?error_group=${group.error_group}`);
    expect(found.body).toMatchObject({ total_items: 2, total_is_estimate: false });
    expect(found.body.tasks[0]).toMatchObject({ task_id: second, error_group: group.error_group });
    expect((await ask("GET", "/api/v1/tasks?error_type=PermanentError")).body.total_items).toBe(1);
    const refused = await ask("GET", "/api/v1/tasks?error_type=Nonsense");
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, "/error_type"]);
    expect((await ask("GET", "/api/v1/queues/dlq/groups?limit=1")).body.groups).toHaveLength(1);
    expect((await ask("GET", "/api/v1/queues/dlq/groups?limit=201")).status).toBe(422);
  });

  it("pause and resume, fleet-wide", async () => {
    const { ask, driver } = await openApi();
    await driver.enqueue();
    expect((await ask("POST", "/api/v1/queues/primary/pause")).body).toMatchObject({
      paused: true,
      changed: true,
    });
    expect((await ask("POST", "/api/v1/queues/primary/pause")).body).toMatchObject({
      paused: true,
      changed: false,
    });
    expect(await driver.claim()).toEqual([]);
    expect((await ask("GET", "/api/v1/queues/status")).body.paused_queues).toEqual(["primary"]);
    expect((await ask("POST", "/api/v1/queues/primary/resume")).body).toMatchObject({
      paused: false,
      changed: true,
    });
    expect(await driver.claim()).toHaveLength(1);
  });

  it.each(["dlq", "retry", "never-used", "constructor", "No Queue"])("don't pause %s", async (name) => {
    const { ask } = await openApi();
    const answer = await ask("POST", `/api/v1/queues/${encodeURIComponent(name)}/pause`);
    expect([answer.status, answer.body.code]).toEqual([422, "unknown_queue"]);
  });
});

describe("workers and health", () => {
  it("are degraded without a worker, and healthy with one", async () => {
    const { ask, stores } = await openApi();
    const alone = await ask("GET", "/health");
    expect([alone.status, alone.body.status]).toEqual([200, "degraded"]);
    expect(alone.body.components).toEqual({ redis: true, workers: false, store: "sqlite" });
    expect((await ask("GET", "/ready")).body).toEqual({ status: "ready" });
    await stores.workers.beat(beat);
    expect((await ask("GET", "/health")).body).toMatchObject({
      status: "healthy",
      components: { workers: true },
    });
  });

  it.each([
    ["without a key", {}],
    ["with a wrong one", { authorization: "Bearer wrong" }],
  ])("keep details from callers %s", async (_, headers) => {
    const { ask, stores } = await openApi({ settings: { auth: { mode: "keys", keys: [{ key: "k" }] } } });
    const known = await ask("GET", "/health", { headers: { "x-api-key": "k" } });
    expect(known.body.note).toMatch(/No worker is alive/);
    const { status, body } = await ask("GET", "/health", { headers });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...known.body,
      note: "Send a key to be told more.",
      timestamp: expect.any(String),
    });
    await stores.workers.beat(beat);
    expect((await ask("GET", "/health", { headers })).body).toMatchObject({ status: "healthy", note: null });
  });

  it("tell what each worker does", async () => {
    const { ask, stores, driver, clock } = await openApi();
    await stores.workers.beat(beat);
    const id = await driver.enqueue();
    await driver.claimOne();
    clock.advance(1_000);
    const { body } = await ask("GET", "/api/v1/workers");
    expect(body).toMatchObject({
      overall_status: "healthy",
      total_workers: 1,
      healthy_workers: 1,
      services: [],
    });
    expect(body.worker_details[0]).toMatchObject({
      worker_id: workerId,
      status: "healthy",
      heartbeat_age_seconds: 1,
      active_tasks: 1,
      active_task_ids: [id],
      completed: 5,
      circuit_breaker: { state: "closed" },
    });
    clock.advance(staleAfterMs);
    expect((await ask("GET", "/api/v1/workers")).body).toMatchObject({
      overall_status: "degraded",
      stale_workers: 1,
    });
  });

  it("answer in time while the store hangs", async () => {
    const never = () => new Promise<never>(() => {});
    const { ask } = await openApi({
      wrap: (stores) => ({
        ...stores,
        workers: { ...stores.workers, list: never },
        probe: {
          connectionStats: never,
          about: never,
          check: async () => ({
            kind: "redis",
            isConnected: false,
            responseTimeMs: null,
            warnings: [],
            isSafe: false,
          }),
        },
      }),
    });
    const startedAt = performance.now();
    const { status, body } = await ask("GET", "/health");
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect([status, body.status, body.components.redis]).toEqual([200, "unhealthy", false]);
    const ready = await ask("GET", "/ready");
    expect([ready.status, ready.body.code]).toEqual([503, "store_unavailable"]);
    expect(ready.headers["retry-after"]).toBe("5");
    expect((await ask("GET", "/live")).body.status).toBe("alive");
    expect((await ask("GET", "/api/v1/redis/health")).body).toMatchObject({
      status: "unhealthy",
      connected: false,
    });
    expect((await ask("GET", "/api/v1/redis/pool-stats")).body.pool_statistics.status).toBe("unavailable");
    expect((await ask("GET", "/api/v1/gateway")).body.store).toEqual({
      kind: "redis",
      version: null,
      memory_bytes: null,
      memory_limit_bytes: null,
    });
  });

  it("say which store it is", async () => {
    const { ask } = await openApi();
    const health = await ask("GET", "/api/v1/redis/health");
    expect(health.body).toMatchObject({ status: "healthy", connected: true, store: "sqlite" });
    expect(health.body.response_time_ms).toEqual(expect.any(Number));
    const { body } = await ask("GET", "/api/v1/redis/pool-stats");
    expect(body).toMatchObject({
      pool_statistics: { status: "healthy", store: "sqlite" },
      recommendations: [],
    });
  });
});

describe("figures", () => {
  it("chart a point a minute", async () => {
    const { ask, driver } = await openApi();
    await driver.ran({ kind: "complete", result: "done" });
    const throughput = await ask("GET", "/api/v1/tasks/metrics/throughput?minutes=5");
    expect(throughput.body.time_window).toBe("5m");
    expect(throughput.body.metrics).toHaveLength(5);
    expect(throughput.body.metrics.at(-1)).toMatchObject({
      created_count: 1,
      completed_count: 1,
      failed_count: 0,
    });
    const latency = await ask("GET", "/api/v1/tasks/metrics/latency");
    expect(latency.body.metrics).toHaveLength(60);
    expect(latency.body.metrics.at(-1)).toMatchObject({ task_count: 1, max_latency: 0 });
    expect((await ask("GET", "/api/v1/tasks/metrics/latency?minutes=1441")).status).toBe(422);
  });

  it("go to Prometheus", async () => {
    const { ask, driver, stores } = await openApi();
    await stores.workers.beat(beat);
    await driver.enqueueMany(2);
    await ask("POST", "/api/v1/tasks/summarize", { payload: { content: "x" } });
    await ask("GET", "/api/v1/tasks/some-id");
    const { text, headers } = await ask("GET", "/metrics");
    expect(headers["content-type"]).toContain("text/plain; version=0.0.4");
    expect(text).toContain("workstream_store_up 1");
    expect(text).toContain('workstream_queue_depth{queue="primary"} 3');
    expect(text).toContain('workstream_tasks{state="PENDING"} 3');
    expect(text).toContain('workstream_workers{status="healthy"} 1');
    expect(text).toContain('workstream_tasks_accepted_total{type="summarize"} 1');
    expect(text).toMatch(/duration_seconds_count\{.*route="\/api\/v1\/tasks\/:task_id",status="404"\} 1/);
    expect(text).toContain("nodejs_eventloop_lag_seconds");
  });

  it("say that the store is down, and still come", async () => {
    const lost = () => Promise.reject(new Error("lost"));
    const { ask } = await openApi({
      wrap: (stores) => ({ ...stores, tasks: { ...stores.tasks, status: lost } }),
    });
    const { status, text } = await ask("GET", "/metrics");
    expect(status).toBe(200);
    expect(text).toContain("workstream_store_up 0");
    expect(text).not.toContain("workstream_queue_depth{");
  });
});

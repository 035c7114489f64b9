import { WorkstreamError } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { useApi } from "./api-stage.ts";

const openApi = useApi();
const summarize = "/api/v1/tasks/summarize";

describe("creating one task", () => {
  it("accepts a text and says where it is", async () => {
    const { ask, driver } = await openApi();
    const { status, body, headers } = await ask("POST", summarize, {
      payload: { content: "Bees.", unknown: 1 },
    });
    expect(status).toBe(201);
    expect(body).toEqual({ task_id: expect.stringMatching(/^[0-9a-f-]{36}$/), state: "PENDING" });
    expect(headers.location).toBe(`/api/v1/tasks/${body.task_id}`);
    expect(await driver.task(body.task_id)).toMatchObject({
      type: "summarize",
      queue: "primary",
      contentKind: "text",
      content: "Bees.",
      priority: "normal",
      maxRetries: 3,
      metadata: {},
    });
  });

  it("keeps every option", async () => {
    const { ask, driver, clock } = await openApi();
    const options = {
      queue: "bulk-2",
      priority: "high",
      delay_seconds: 90,
      max_retries: 0,
      timeout_seconds: 1.5,
      metadata: { customer: "a" },
      expires_in_seconds: 60,
    };
    const { body } = await ask("POST", summarize, { payload: { content: "x", ...options } });
    expect(body.state).toBe("SCHEDULED");
    const task = await driver.task(body.task_id);
    expect(task).toMatchObject({
      queue: "bulk-2",
      priority: "high",
      maxRetries: 0,
      timeoutMs: 1_500,
      metadata: { customer: "a" },
    });
    expect((task.retryAfterAt ?? 0) - clock.now()).toBe(90_000);
  });

  it("takes the type's own defaults, and validates by its own schema", async () => {
    const { ask, driver } = await openApi();
    const good = await ask("POST", "/api/v1/tasks/report", { payload: { input: { year: 2026 } } });
    expect(good.status).toBe(201);
    expect(await driver.task(good.body.task_id)).toMatchObject({
      queue: "reports",
      contentKind: "json",
      content: '{"year":2026}',
      maxRetries: 7,
      timeoutMs: 90_000,
    });
    const bad = await ask("POST", "/api/v1/tasks/report", { payload: { input: { year: "x", parts: [1] } } });
    expect(bad.status).toBe(422);
    expect(bad.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      "/input/year",
      "/input/parts/0",
    ]);
  });

  it.each([
    ["a missing body", summarize, undefined, 422, ""],
    ["an empty text", summarize, { content: "" }, 422, "/content"],
    ["a blank text", summarize, { content: " \n" }, 422, "/content"],
    ["a reserved queue", summarize, { content: "x", queue: "status" }, 422, "/queue"],
    ["two starts", summarize, { content: "x", delay_seconds: 1, run_at: "2026-01-01" }, 422, "/run_at"],
    ["a missing input", "/api/v1/tasks/report", {}, 422, "/input"],
    ["an unknown field", "/api/v1/tasks/report", { input: { year: 1 }, extra: 1 }, 422, "/extra"],
  ])("refuses %s with a pointer", async (_what, url, payload, status, pointer) => {
    const { ask, stores } = await openApi();
    const answer = await ask("POST", url, payload === undefined ? {} : { payload });
    expect(answer.status).toBe(status);
    expect(answer.body.code).toBe("invalid_input");
    expect(answer.body.errors[0].pointer).toBe(pointer);
    expect((await stores.tasks.status()).states.PENDING).toBe(0);
  });

  it("names the known types when asked for another", async () => {
    const { ask } = await openApi();
    const { status, body } = await ask("POST", "/api/v1/tasks/nope", { payload: { input: 1 } });
    expect([status, body.code]).toEqual([404, "unknown_task_type"]);
    expect(body.detail).toContain("summarize, pdfxtract, archive, report");
  });

  it("refuses a text over the limit, and a body over its own", async () => {
    const { ask } = await openApi({ settings: { maxContentBytes: 1_000, maxBodyBytes: 4_000 } });
    expect((await ask("POST", summarize, { payload: { content: "ü".repeat(500) } })).status).toBe(201);
    const long = await ask("POST", summarize, { payload: { content: "ü".repeat(501) } });
    expect([long.status, long.body.code]).toEqual([413, "too_large"]);
    const longer = await ask("POST", summarize, { payload: { content: "x".repeat(5_000) } });
    expect([longer.status, longer.body.code]).toEqual([413, "too_large"]);
  });

  it("lists the types with their schemas", async () => {
    const { ask } = await openApi();
    const { body } = await ask("GET", "/api/v1/task-types");
    expect(body.map((type: { type: string }) => type.type)).toEqual([
      "summarize",
      "pdfxtract",
      "archive",
      "report",
    ]);
    expect(body[3]).toMatchObject({ queue: "reports", input_schema: { type: "object" }, takes_file: false });
  });
});

describe("idempotency", () => {
  const payload = { content: "x", priority: "high" };

  it("answers a repeat with the same task and the state it is in now", async () => {
    const { ask, driver } = await openApi();
    const headers = { "idempotency-key": "k1" };
    const first = await ask("POST", summarize, { payload, headers });
    await driver.claimOne();
    const again = await ask("POST", summarize, { payload: { ...payload, idempotency_key: "k1" } });
    expect(again.status).toBe(201);
    expect(again.body).toEqual({ task_id: first.body.task_id, state: "ACTIVE" });
  });

  it("refuses the key with another body, and a header that differs from the body", async () => {
    const { ask } = await openApi();
    const headers = { "idempotency-key": "k1" };
    const first = await ask("POST", summarize, { payload, headers });
    const other = await ask("POST", summarize, { payload: { ...payload, content: "y" }, headers });
    expect([other.status, other.body.code]).toEqual([409, "idempotency_conflict"]);
    expect(other.body.detail).toContain(first.body.task_id);
    const both = await ask("POST", summarize, { payload: { ...payload, idempotency_key: "k2" }, headers });
    expect([both.status, both.body.errors[0].pointer]).toEqual([422, "/idempotency_key"]);
  });

  it("says so when the task was deleted since", async () => {
    const { ask } = await openApi();
    const headers = { "idempotency-key": "k1" };
    const first = await ask("POST", summarize, { payload, headers });
    await ask("DELETE", `/api/v1/tasks/${first.body.task_id}`);
    const again = await ask("POST", summarize, { payload, headers });
    expect([again.status, again.body.code]).toEqual([409, "idempotency_conflict"]);
    expect(again.body.detail).toContain("was deleted since");
  });
});

describe("a batch", () => {
  const batch = "/api/v1/tasks/batch";

  it("accepts all, in order", async () => {
    const { ask, driver } = await openApi();
    const tasks = [
      { type: "summarize", input: "one" },
      { type: "report", input: { year: 2026 }, priority: "low" },
    ];
    const { status, body } = await ask("POST", batch, { payload: { tasks } });
    expect(status).toBe(201);
    expect(body.task_ids).toHaveLength(2);
    expect(await driver.task(body.task_ids[1])).toMatchObject({ type: "report", priority: "low" });
  });

  it.each([
    ["a bad input", { type: "report", input: {} }, "invalid_input", "/tasks/1/input/year"],
    ["an unknown type", { type: "nope", input: 1 }, "invalid_input", "/tasks/1/type"],
    ["a file", { type: "pdfxtract", input: "x" }, "invalid_input", "/tasks/1/input"],
    ["an unknown field", { type: "summarize", input: "x", y: 1 }, "invalid_input", "/tasks/1/y"],
  ])("refuses all for %s in one, and names it", async (_what, bad, code, pointer) => {
    const { ask, stores } = await openApi();
    const tasks = [{ type: "summarize", input: "one" }, bad];
    const { status, body } = await ask("POST", batch, { payload: { tasks } });
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, code, pointer]);
    expect((await stores.tasks.status()).states.PENDING).toBe(0);
  });

  it("takes 10,000 tasks and not one more", async () => {
    const { ask, stores } = await openApi();
    const tasks = Array.from({ length: 10_000 }, (_, n) => ({ type: "summarize", input: `text ${n}` }));
    expect((await ask("POST", batch, { payload: { tasks } })).body.task_ids).toHaveLength(10_000);
    expect((await stores.tasks.status()).states.PENDING).toBe(10_000);
    const more = await ask("POST", batch, { payload: { tasks: [...tasks, tasks[0]] } });
    expect([more.status, more.body.errors[0].pointer]).toEqual([422, "/tasks"]);
    expect((await ask("POST", batch, { payload: { tasks: [] } })).status).toBe(422);
  });

  it("repeats as a whole under one key", async () => {
    const { ask, stores } = await openApi();
    const headers = { "idempotency-key": "b1" };
    const tasks = [
      { type: "summarize", input: "one" },
      { type: "summarize", input: "one" },
    ];
    const first = await ask("POST", batch, { payload: { tasks }, headers });
    const again = await ask("POST", batch, { payload: { tasks }, headers });
    expect(again.body).toEqual(first.body);
    const longer = await ask("POST", batch, { payload: { tasks: [...tasks, tasks[0]] }, headers });
    expect([longer.status, longer.body.code]).toEqual([409, "idempotency_conflict"]);
    expect((await stores.tasks.status()).states.PENDING).toBe(2);
  });
});

describe("when the store can't take it", () => {
  it("says that an unanswered task may have been accepted, and how to find out", async () => {
    const { ask } = await openApi({
      wrap: (stores) => ({
        ...stores,
        tasks: {
          ...stores.tasks,
          enqueue: async ({ id }) => {
            throw new WorkstreamError("outcome_unknown", "No reply.", { details: { task_id: id } });
          },
        },
      }),
    });
    const { status, body, headers } = await ask("POST", summarize, { payload: { content: "x" } });
    expect([status, body.code, headers["retry-after"]]).toEqual([503, "outcome_unknown", "5"]);
    expect(body.detail).toMatch(/GET \/api\/v1\/tasks\/[0-9a-f-]{36}, or repeat .* same Idempotency-Key/);
  });

  it("refuses tasks for a queue that is full, and those alone", async () => {
    const { ask, stores } = await openApi({ settings: { maxQueueDepth: 2 } });
    const create = async (content: string, more = {}) =>
      ask("POST", summarize, { payload: { content, ...more } });
    const batch = (inputs: string[]) => {
      const tasks = inputs.map((input) => ({ type: "summarize", input }));
      return ask("POST", "/api/v1/tasks/batch", { payload: { tasks } });
    };
    expect((await batch(["1", "2", "3"])).status).toBe(429);
    expect((await batch(["1", "2"])).status).toBe(201);
    for (const full of [await create("3"), await batch(["3"]), await create("3", { delay_seconds: 60 })]) {
      expect([full.status, full.body.code, full.headers["retry-after"]]).toEqual([
        429,
        "too_many_requests",
        "10",
      ]);
      expect(full.body.detail).toContain("Queue primary takes at most 2 waiting tasks (MAX_QUEUE_DEPTH)");
    }
    expect((await create("elsewhere", { queue: "other" })).status).toBe(201);
    expect((await stores.tasks.status()).queues).toMatchObject({ primary: 2, other: 1, scheduled: 0 });
  });

  it("answers for what it accepted before, however full the queue is since", async () => {
    const { ask } = await openApi({ settings: { maxQueueDepth: 3 } });
    const create = (content: string, key: string) =>
      ask("POST", summarize, { payload: { content }, headers: { "idempotency-key": key } });
    const batch = (key: string) => {
      const tasks = ["1", "2"].map((input) => ({ type: "summarize", input }));
      return ask("POST", "/api/v1/tasks/batch", { payload: { tasks }, headers: { "idempotency-key": key } });
    };
    const [first, pair] = [await create("1", "one"), await batch("two")];
    expect([first.status, pair.status]).toEqual([201, 201]);
    expect((await create("4", "new")).status).toBe(429);
    expect((await batch("other")).status).toBe(429);
    const again = await create("1", "one");
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect((await batch("two")).body).toEqual(pair.body);
    expect((await create("another text", "one")).status).toBe(409);
  });
});

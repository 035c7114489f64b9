import { describe, expect, it } from "vitest";
import { failed } from "../task-driver.ts";
import { taskInState } from "../task-in-state.ts";
import { useApi } from "./api-stage.ts";

const openApi = useApi();
const ids = (body: { tasks: { task_id: string }[] }) => body.tasks.map((task) => task.task_id);

describe("lists", () => {
  it("page through everything, newest first, by number and by cursor", async () => {
    const { ask, driver, clock } = await openApi();
    const made: string[] = [];
    for (let n = 0; n < 5; n++) {
      clock.advance(10);
      made.unshift(await driver.enqueue({ type: "summarize" }));
    }
    const first = await ask("GET", "/api/v1/tasks?page_size=2");
    expect(first.body).toMatchObject({
      page: 1,
      page_size: 2,
      total_items: 5,
      total_is_estimate: false,
      total_pages: 3,
      status: null,
    });
    const third = await ask("GET", "/api/v1/tasks/?page=3&page_size=2");
    expect([ids(first.body), ids(third.body)]).toEqual([made.slice(0, 2), made.slice(4)]);
    const byCursor = await ask("GET", `/api/v1/tasks?page_size=2&cursor=${first.body.next_cursor}`);
    expect(ids(byCursor.body)).toEqual(made.slice(2, 4));
    expect((await ask("GET", "/api/v1/tasks?page=9000000&page_size=100")).body.tasks).toEqual([]);
    expect(ids((await ask("GET", "/api/v1/tasks?sort_order=asc")).body)).toEqual(made.toReversed());
  });

  it("filter by state, type, queue, date and id", async () => {
    const { ask, driver, clock } = await openApi();
    const dead = await driver.ran(failed({ to: "DLQ" }), { type: "summarize" });
    clock.advance(24 * 3_600_000);
    const other = await driver.enqueue({ type: "report", queue: "reports" });
    const today = new Date(clock.now()).toISOString().slice(0, 10);
    const found = async (query: string) => ids((await ask("GET", `/api/v1/tasks?${query}`)).body);
    expect(await found("status=DLQ")).toEqual([dead]);
    expect(await found("task_type=report")).toEqual([other]);
    expect(await found("queue=reports")).toEqual([other]);
    expect(await found("queue=dlq")).toEqual([dead]);
    expect(await found(`start_date=${today}`)).toEqual([other]);
    expect(await found(`end_date=${today}`)).toEqual([other, dead]);
    expect(await found(`task_id=${dead.slice(0, 13).toUpperCase()}`)).toEqual([dead]);
    expect(await found("task_id=no%20id")).toEqual([]);
    expect(await found("status=&task_type=&unknown=1")).toEqual([other, dead]);
    expect((await ask("GET", "/api/v1/tasks?status=DLQ")).body.status).toBe("DLQ");
  });

  it("refuse bad values with a pointer, and cursors that aren't ours", async () => {
    const { ask } = await openApi();
    const bad = await ask("GET", "/api/v1/tasks?page_size=101&status=DONE&start_date=soon");
    expect(bad.status).toBe(422);
    expect(bad.body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual([
      "/page_size",
      "/start_date",
      "/status",
    ]);
    for (const path of ["tasks", "tasks/summaries"]) {
      const forged = await ask("GET", `/api/v1/${path}?cursor=forged`);
      expect(forged.body).toMatchObject({ code: "invalid_input", errors: [{ pointer: "/cursor" }] });
    }
  });

  it("come without bodies as summaries", async () => {
    const { ask, driver } = await openApi();
    await driver.ran({ kind: "complete", result: "done" }, { content: "hällo" });
    const [task] = (await ask("GET", "/api/v1/tasks/summaries")).body.tasks;
    expect(task).toMatchObject({ content_length: 6, has_result: true, state: "COMPLETED" });
    expect(task).not.toHaveProperty("content");
    expect(task).not.toHaveProperty("result");
  });
});

describe("one task", () => {
  it("is told whole", async () => {
    const { ask, driver } = await openApi();
    const id = await driver.ran({ kind: "complete", result: "done" }, { type: "summarize", content: "text" });
    const { status, body } = await ask("GET", `/api/v1/tasks/${id}/`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      task_id: id,
      state: "COMPLETED",
      content: "text",
      result: "done",
      retry_after: null,
    });
    expect(body.state_history.map((entry: { state: string }) => entry.state)).toEqual([
      "PENDING",
      "ACTIVE",
      "COMPLETED",
    ]);
    expect(body.created_at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it.each([
    ["a word", "nope"],
    ["a slash", "a%2Fb"],
    ["a NUL", "%00"],
    ["no escape", "%zz"],
    ["a way out", "..%2f"],
    ["letters of any kind", "%C3%BC%F0%9F%90%9D"],
    ["any length", "x".repeat(10_000)],
    ["the name of another route", "summarize"],
  ])("is 404 for an id of %s", async (_what, id) => {
    const { ask } = await openApi();
    const { status, body } = await ask("GET", `/api/v1/tasks/${id}`);
    expect([status, body.code]).toEqual([404, "not_found"]);
  });

  it.each([
    ["POST", "/retry"],
    ["POST", "/cancel"],
    ["DELETE", ""],
    ["GET", "/input"],
  ] as const)("%s %s is 404 for an unknown id", async (method, action) => {
    const { ask } = await openApi();
    expect((await ask(method, `/api/v1/tasks/no-such-task${action}`)).status).toBe(404);
  });

  it("gives its text or JSON input back", async () => {
    const { ask, driver } = await openApi();
    const text = await driver.enqueue({ content: "héllo <b>" });
    const json = await driver.enqueue({ contentKind: "json", content: '{"a":1}' });
    const asText = await ask("GET", `/api/v1/tasks/${text}/input`);
    expect([asText.text, asText.headers["content-type"]]).toEqual(["héllo <b>", "text/plain; charset=utf-8"]);
    const asJson = await ask("GET", `/api/v1/tasks/${json}/input`);
    expect(asJson.body).toEqual({ a: 1 });
    expect(asJson.headers["content-disposition"]).toContain(`filename="${json}.json"`);
  });
});

describe("management", () => {
  it("retries what has failed, and nothing else", async () => {
    const { ask, driver } = await openApi();
    const { id } = await taskInState(driver, "DLQ");
    const { status, body } = await ask("POST", `/api/v1/tasks/${id}/retry/`, { payload: { unknown: 1 } });
    expect([status, body]).toEqual([200, { task_id: id, state: "PENDING" }]);
    const again = await ask("POST", `/api/v1/tasks/${id}/retry`);
    expect([again.status, again.body.code]).toEqual([400, "invalid_state"]);
    expect(again.body.detail).toBe("The task is PENDING; only FAILED, DLQ, CANCELLED can be retried.");
  });

  it.each([
    ["with the retries it has left", {}, 1],
    ["afresh by the body", { payload: { reset_retry_count: true } }, 0],
    ["afresh by the query", { query: { reset_retry_count: "TRUE" } }, 0],
    ["with an empty body of type JSON", { headers: { "content-type": "application/json" } }, 1],
  ])("retries %s", async (_how, options, retryCount) => {
    const { ask, driver } = await openApi();
    const id = await driver.ran(failed({ to: "SCHEDULED", delayMs: 1 }));
    await ask("POST", `/api/v1/tasks/${id}/cancel`);
    const answer = await ask("POST", `/api/v1/tasks/${id}/retry`, options);
    expect(answer.status).toBe(200);
    expect((await driver.task(id)).retryCount).toBe(retryCount);
  });

  it("cancels with a reason, once", async () => {
    const { ask, driver } = await openApi();
    const { id } = await taskInState(driver, "ACTIVE");
    const { body } = await ask("POST", `/api/v1/tasks/${id}/cancel`, { payload: { reason: "Not needed." } });
    expect(body).toEqual({ task_id: id, state: "CANCELLED" });
    expect((await driver.task(id)).lastError).toBe("Not needed.");
    expect((await ask("POST", `/api/v1/tasks/${id}/cancel`)).body.code).toBe("invalid_state");
    const extra = await ask("POST", `/api/v1/tasks/${id}/cancel`, { payload: { why: "x" } });
    expect([extra.status, extra.body.errors[0].pointer]).toEqual([422, "/why"]);
  });

  it("deletes in any state", async () => {
    const { ask, driver, stores } = await openApi();
    const { id } = await taskInState(driver, "ACTIVE");
    const { status, body } = await ask("DELETE", `/api/v1/tasks/${id}`);
    expect([status, body]).toEqual([200, { task_id: id, message: "The task is deleted; it was ACTIVE." }]);
    expect(await stores.tasks.get(id)).toBeNull();
  });

  it("counts the orphans it finds", async () => {
    const { ask } = await openApi();
    const { body } = await ask("POST", "/api/v1/tasks/requeue-orphaned/");
    expect(body).toEqual({ found: 0, requeued: 0, errors: [], message: "No task was orphaned." });
  });
});

import { type BulkOperations, type Operation, type Stores, WorkstreamError } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { type StoreKind, storeKinds } from "../store-source.ts";
import { complete, failed, workerId } from "../task-driver.ts";
import { until } from "../until.ts";
import { type ApiStage, useApi } from "./api-stage.ts";

const quick = { operations: { leaseMs: 20_000, lookEveryMs: 20, pauseMs: 5 } };

/** Dead letters by the hundred. */
async function bury({ driver, clock }: ApiStage, count: number, error = "it broke", type = "echo") {
  const ids = await driver.enqueueMany(count, { type });
  const claimed = await driver.claim({ queues: { primary: count }, limit: count });
  const settlement = failed({ to: "DLQ" }, "Default", error);
  await driver.tasks.settle(
    workerId,
    claimed.map(({ id, token }) => ({ id, token, settlement })),
  );
  clock.advance(10);
  return ids;
}

async function start({ ask, clock }: ApiStage, path: string, payload: object = {}): Promise<string> {
  const { status, body } = await ask("POST", path, { payload });
  expect([status, Object.keys(body)]).toEqual([202, ["operation_id"]]);
  clock.advance(1);
  return body.operation_id;
}

async function ended({ ask }: ApiStage, id: string): Promise<Operation> {
  let operation: Operation | null = null;
  await until("the end of the operation", async () => {
    const { status, body } = await ask("GET", `/api/v1/operations/${id}`);
    expect(status).toBe(200);
    operation = body;
    return body.state !== "running";
  });
  if (operation === null) throw new Error("There was no answer.");
  return operation;
}

const bulk = (stage: ApiStage, payload: object) => start(stage, "/api/v1/tasks/bulk", payload);
const counts = ({ done, skipped, failed: threw, total }: Operation) => ({ done, skipped, threw, total });

/** Lets `free` chunks through and holds the next until it is opened. */
function gate(free: number) {
  let steps = 0;
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let reached = () => {};
  const isReached = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const wrap = (stores: Stores): Stores => ({
    ...stores,
    operations: withStep(stores.operations, async (step) => {
      if (steps++ >= free) {
        reached();
        await opened;
      }
      return step();
    }),
  });
  return { wrap, open: () => open(), isReached };
}

type Step = () => ReturnType<BulkOperations["step"]>;

function withStep(operations: BulkOperations, around: (step: Step) => ReturnType<Step>): BulkOperations {
  return {
    create: (...values) => operations.create(...values),
    get: (id) => operations.get(id),
    list: (limit) => operations.list(limit),
    claim: (lease) => operations.claim(lease),
    step: (id, lease) => around(() => operations.step(id, lease)),
    fail: (...values) => operations.fail(...values),
    release: (...values) => operations.release(...values),
    cancel: (id) => operations.cancel(id),
  };
}

describe.each(storeKinds)("operations through the gateway on %s", (kind: StoreKind) => {
  const openApi = useApi(kind);
  const open = (options: Parameters<typeof openApi>[0] = {}) => openApi({ settings: quick, ...options });

  it("retry all dead letters, or purge them", async () => {
    const stage = await open();
    await bury(stage, 130);
    const operation = await ended(stage, await start(stage, "/api/v1/queues/dlq/retry"));
    expect(operation).toMatchObject({
      ...{ action: "retry", filter: { status: "DLQ" }, state: "completed", error: null },
      ...{ done: 130, skipped: 0, failed: 0, total: 130, total_is_estimate: false },
      ...{ started_at: expect.any(String), finished_at: expect.any(String) },
    });
    expect((await stage.ask("GET", "/api/v1/queues/status")).body.states).toMatchObject({
      ...{ DLQ: 0, PENDING: 130 },
    });
    await bury(stage, 20);
    const purge = await ended(stage, await start(stage, "/api/v1/queues/dlq/purge", { limit: 15 }));
    expect(purge).toMatchObject({ action: "delete", done: 15 });
    expect((await stage.ask("GET", "/api/v1/queues/status")).body.queues.dlq).toBe(5);
  });

  it("retry one group, and a sample of it", async () => {
    const stage = await open();
    await bury(stage, 40, "row 17 is broken");
    const newest = await bury(stage, 20, "row 18 is broken");
    await bury(stage, 5, "no such file");
    const { body } = await stage.ask("GET", "/api/v1/queues/dlq/groups");
    const group = body.groups.find((each: { count: number }) => each.count === 60).error_group;
    const filter = { error_group: group };
    const sample = await start(stage, "/api/v1/queues/dlq/retry", { filter, limit: 10 });
    expect(counts(await ended(stage, sample))).toEqual({ done: 10, skipped: 0, threw: 0, total: 10 });
    const retried = (await stage.ask("GET", "/api/v1/queues/retry/tasks?limit=100")).body;
    expect(newest).toEqual(expect.arrayContaining(retried));
    const rest = await bulk(stage, { action: "retry", filter, reset_retry_count: true });
    expect(counts(await ended(stage, rest))).toEqual({ done: 50, skipped: 0, threw: 0, total: 50 });
    expect((await stage.ask("GET", "/api/v1/queues/dlq/groups")).body).toMatchObject({ total_groups: 1 });
  });

  it("delete one type between two dates", async () => {
    const stage = await open();
    const { driver, clock } = stage;
    await driver.enqueueMany(5, { type: "old" });
    clock.advance(60_000);
    const from = new Date(clock.now()).toISOString();
    await driver.enqueueMany(110, { type: "old" });
    await driver.enqueueMany(5);
    const to = new Date(clock.now()).toISOString();
    clock.advance(60_000);
    await driver.enqueueMany(5, { type: "old" });
    const filter = { task_type: "old", start_date: from, end_date: to };
    const operation = await ended(stage, await bulk(stage, { action: "delete", filter }));
    expect(operation).toMatchObject({ done: 110, total: 110, filter });
    expect((await stage.ask("GET", "/api/v1/tasks/summaries")).body.total_items).toBe(15);
  });

  it("cancel all that waits in a queue while a worker takes from it", async () => {
    const { wrap, open: letGo, isReached } = gate(1);
    const stage = await open({ wrap });
    await stage.driver.enqueueMany(200, { queue: "mail" });
    const filter = { status: "PENDING", queue: "mail" };
    const id = await bulk(stage, { action: "cancel", filter });
    await isReached;
    const claimed = await stage.driver.claim({ queues: { mail: 30 }, limit: 30 });
    for (const attempt of claimed) await stage.driver.settle(attempt, complete);
    letGo();
    const operation = await ended(stage, id);
    expect(counts(operation)).toEqual({ done: 170, skipped: 30, threw: 0, total: 200 });
    const { states } = (await stage.ask("GET", "/api/v1/queues/status")).body;
    expect(states).toMatchObject({ PENDING: 0, CANCELLED: 170, COMPLETED: 30 });
  });

  it("take the tasks that are named", async () => {
    const stage = await open();
    const ids = await bury(stage, 20);
    const wanted = [...ids.slice(0, 12), ids[0], "nonsense"];
    const asked = { action: "retry", filter: { task_ids: wanted } };
    const { body } = await stage.ask("POST", "/api/v1/tasks/bulk", { payload: { ...asked, dry_run: true } });
    expect(body).toEqual({ action: "retry", matched: 12, matched_is_estimate: false });
    const operation = await ended(stage, await bulk(stage, asked));
    expect(counts(operation)).toEqual({ done: 12, skipped: 1, threw: 0, total: 13 });
  });

  it("only count in a dry run", async () => {
    const stage = await open();
    await bury(stage, 7);
    await stage.driver.enqueueMany(3);
    const count = async (payload: object) => {
      const answer = await stage.ask("POST", "/api/v1/tasks/bulk", {
        payload: { ...payload, dry_run: true },
      });
      expect(answer.status).toBe(200);
      return answer.body;
    };
    expect(await count({ action: "retry", filter: {} })).toEqual({
      ...{ action: "retry", matched: 7, matched_is_estimate: false },
    });
    expect(await count({ action: "cancel", filter: { task_type: "echo" } })).toMatchObject({ matched: 3 });
    expect(await count({ action: "delete", filter: { error_type: "Default" } })).toMatchObject({
      matched: 7,
    });
    expect((await stage.ask("GET", "/api/v1/operations")).body).toEqual({ operations: [] });
    expect((await stage.ask("GET", "/api/v1/queues/status")).body.queues.dlq).toBe(7);
  });

  it("stop half way when they are cancelled", async () => {
    const { wrap, open: letGo, isReached } = gate(1);
    const stage = await open({ wrap });
    await bury(stage, 180);
    const id = await start(stage, "/api/v1/queues/dlq/purge");
    await isReached;
    const { status, body } = await stage.ask("POST", `/api/v1/operations/${id}/cancel`);
    expect([status, body.state, body.total]).toEqual([200, "cancelled", 180]);
    letGo();
    const operation = await ended(stage, id);
    expect(operation.done).toBeGreaterThan(0);
    expect((await stage.ask("GET", "/api/v1/queues/status")).body.queues.dlq).toBe(180 - operation.done);
    const again = await stage.ask("POST", `/api/v1/operations/${id}/cancel`);
    expect([again.status, again.body]).toEqual([200, operation]);
  });

  it("are gone on with by another gateway when theirs closes, with every task done once", async () => {
    const { wrap, open: letGo, isReached } = gate(1);
    const first = await open({ wrap });
    await bury(first, 180);
    const id = await start(first, "/api/v1/queues/dlq/retry");
    await isReached;
    const closed = first.app.close();
    letGo();
    await closed;
    const half = await first.stores.operations.get(id);
    expect(half).toMatchObject({ state: "running" });
    expect(half?.done).toBeLessThan(180);
    const second = await open({ on: first.opened });
    expect(counts(await ended(second, id))).toEqual({ done: 180, skipped: 0, threw: 0, total: 180 });
  });

  it("are gone on with when their gateway died, once its lease has lapsed", async () => {
    const { wrap, open: letGo, isReached } = gate(1);
    const first = await open({ wrap });
    await bury(first, 180);
    const id = await start(first, "/api/v1/queues/dlq/retry");
    await isReached;
    const second = await open({ on: first.opened });
    expect((await second.ask("GET", `/api/v1/operations/${id}`)).body.state).toBe("running");
    first.clock.advance(quick.operations.leaseMs);
    expect(counts(await ended(second, id))).toEqual({ done: 180, skipped: 0, threw: 0, total: 180 });
    letGo();
  });

  it("wait out an outage of the store", async () => {
    let faults = 3;
    const stage = await open({
      wrap: (stores) => ({
        ...stores,
        operations: withStep(stores.operations, async (step) => {
          const outcome = await step();
          if (faults-- > 0) throw new WorkstreamError("outcome_unknown", "The reply was lost.");
          return outcome;
        }),
      }),
    });
    await bury(stage, 240);
    const id = await start(stage, "/api/v1/queues/dlq/retry");
    expect(counts(await ended(stage, id))).toEqual({ done: 240, skipped: 0, threw: 0, total: 240 });
    expect(faults).toBeLessThanOrEqual(0);
  });

  it("pass over what changed meanwhile", async () => {
    const { wrap, open: letGo, isReached } = gate(0);
    const stage = await open({ wrap });
    const ids = await bury(stage, 90);
    const id = await start(stage, "/api/v1/queues/dlq/purge");
    await isReached;
    for (const task of ids.slice(0, 25)) await stage.ask("POST", `/api/v1/tasks/${task}/retry`);
    letGo();
    expect(counts(await ended(stage, id))).toEqual({ done: 65, skipped: 25, threw: 0, total: 90 });
  });

  it("are listed, and say what is wrong with what they are asked", async () => {
    const stage = await open();
    const first = await bulk(stage, { action: "delete", filter: {} });
    const second = await bulk(stage, { action: "delete", filter: {} });
    await ended(stage, second);
    const { body } = await stage.ask("GET", "/api/v1/operations?limit=5");
    expect(body.operations.map((each: Operation) => each.id)).toEqual([second, first]);
    const unknown = await stage.ask("GET", "/api/v1/operations/nonsense");
    expect([unknown.status, unknown.body.code]).toEqual([404, "not_found"]);
    expect((await stage.ask("POST", "/api/v1/operations/nonsense/cancel")).status).toBe(404);
    const faults: [object, string][] = [
      [{ action: "explode", filter: {} }, "/action"],
      [{ action: "retry", filter: { status: "PENDING" } }, "/filter/status"],
      [{ action: "cancel", filter: { queue: "dlq" } }, "/filter"],
      [{ action: "delete", filter: { start_date: "yesterday" } }, "/filter/start_date"],
      [{ action: "delete", filter: { colour: "red" } }, "/filter/colour"],
      [{ action: "delete", filter: { task_ids: [] } }, "/filter/task_ids"],
      [{ action: "retry", filter: { error_group: "unknown" } }, "/filter/error_group"],
      [{ action: "delete" }, "/filter"],
    ];
    for (const [payload, pointer] of faults) {
      const answer = await stage.ask("POST", "/api/v1/tasks/bulk", { payload });
      expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
    }
  });
});

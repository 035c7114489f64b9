import {
  bulkCancelReason,
  maxOperations,
  type OperationRecord,
  type OperationRequest,
  type Stores,
  type TaskState,
} from "@workstream/core";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";
import type { OpenedStores } from "../store-source.ts";
import { complete, failed, TaskDriver, workerId } from "../task-driver.ts";
import { taskInState } from "../task-in-state.ts";

const mine = { owner: "gateway-1", leaseMs: 30_000 };
const other = { owner: "gateway-2", leaseMs: 30_000 };
const death = failed({ to: "DLQ" });

function request(overrides: Partial<OperationRequest>): OperationRequest {
  return {
    ...{ action: "retry", filter: {}, taskIds: null, limit: null, resetRetryCount: false, asked: {} },
    ...overrides,
  };
}

class Operator {
  readonly driver: TaskDriver;
  readonly stores: Stores;

  constructor(opened: OpenedStores) {
    this.driver = new TaskDriver(opened);
    this.stores = opened.stores;
  }

  async start(overrides: Partial<OperationRequest>, matched = 0, isEstimate = false): Promise<string> {
    const id = this.driver.tasks.mintId();
    const count = { matched, isEstimate };
    const operation = { id, request: request(overrides), count };
    expect(await this.stores.operations.create(operation, mine)).toBe("created");
    this.driver.clock.advance(1);
    return id;
  }

  async record(id: string): Promise<OperationRecord> {
    const record = await this.stores.operations.get(id);
    if (record === null) throw new Error("The operation is gone.");
    return record;
  }

  async finish(id: string, between: () => Promise<unknown> = async () => {}): Promise<OperationRecord> {
    for (let steps = 0; steps < 10_000; steps++) {
      const outcome = await this.stores.operations.step(id, mine);
      if (outcome !== "more") return this.record(id);
      await between();
    }
    throw new Error("It does not end.");
  }

  /** So many dead letters, each a millisecond after the one before. */
  async bury(count: number, error = "it broke", type = "echo"): Promise<string[]> {
    const ids = await this.driver.enqueueMany(count, { type });
    const claimed = await this.driver.claim({ queues: { primary: count }, limit: count });
    for (let at = 0; at < claimed.length; at += 50) {
      const attempts = claimed.slice(at, at + 50).map(({ id, token }) => ({
        ...{ id, token, settlement: failed({ to: "DLQ" }, "Default", error) },
      }));
      await this.driver.tasks.settle(workerId, attempts);
      this.driver.clock.advance(1);
    }
    return ids;
  }

  async states(): Promise<Partial<Record<TaskState, number>>> {
    const { states } = await this.driver.tasks.status();
    return Object.fromEntries(Object.entries(states).filter(([, count]) => count > 0));
  }
}

describeStores("operations", (openStores, kind, isPartitioned) => {
  const open = async () => new Operator(await openStores());

  it("are kept as they were asked for, with how far they got", async () => {
    const operator = await open();
    await operator.bury(120);
    const startedAt = operator.driver.clock.now();
    const asked = { status: "DLQ" };
    const id = await operator.start({ filter: { state: "DLQ" }, asked }, 120);
    expect(await operator.record(id)).toMatchObject({
      ...{ id, request: request({ filter: { state: "DLQ" }, asked }), total: 120, isTotalEstimate: false },
      ...{ done: 0, skipped: 0, failed: 0, state: "running", error: null, startedAt, finishedAt: null },
    });
    expect(await operator.stores.operations.step(id, mine)).toBe("more");
    const half = await operator.record(id);
    expect(half.done).toBeGreaterThan(0);
    expect(half.done).toBeLessThan(120);
    const finishedAt = operator.driver.clock.now();
    expect(await operator.finish(id)).toMatchObject({ state: "completed", done: 120, finishedAt });
    expect(await operator.states()).toEqual({ PENDING: 120 });
    expect(await operator.driver.tasks.deadLetterGroups(5)).toMatchObject({ totalGroups: 0 });
    expect(await operator.stores.operations.step(id, mine)).toBe("ended");
  });

  it("retry no task twice, though it dies again", async () => {
    const operator = await open();
    await operator.bury(150);
    const id = await operator.start({ filter: { state: "DLQ" } }, 150);
    const rerun = async () => {
      const claimed = await operator.driver.claim({ queues: { primary: 100 }, limit: 100 });
      const attempts = claimed.map(({ id: task, token }) => ({ id: task, token, settlement: death }));
      if (attempts.length > 0) await operator.driver.tasks.settle(workerId, attempts);
      operator.driver.clock.advance(1);
    };
    const record = await operator.finish(id, rerun);
    await rerun();
    await rerun();
    expect(record).toMatchObject({ state: "completed", done: 150, skipped: 0, failed: 0 });
    expect(await operator.states()).toEqual({ DLQ: 150 });
  });

  it("take one group alone", async () => {
    const operator = await open();
    const [first] = await operator.bury(60, "connection 1 refused");
    await operator.bury(5, "out of memory");
    const group = (await operator.driver.task(first ?? "")).errorGroup ?? "";
    const id = await operator.start({ filter: { errorGroup: group } }, 60);
    expect(await operator.finish(id)).toMatchObject({ done: 60, total: 60, state: "completed" });
    expect(await operator.states()).toEqual({ DLQ: 5, PENDING: 60 });
  });

  it("take a sample of the newest", async () => {
    const operator = await open();
    await operator.bury(50);
    const newest = await operator.bury(10);
    const id = await operator.start({ filter: { state: "DLQ" }, limit: 10, resetRetryCount: true }, 10);
    expect(await operator.finish(id)).toMatchObject({ done: 10, total: 10 });
    const waiting = await operator.driver.tasks.queueTaskIds("retry", 100);
    expect(waiting?.toSorted()).toEqual(newest.toSorted());
  });

  it.each(["retry", "cancel", "delete"] as const)("%s what it can, whatever its state", async (action) => {
    const operator = await open();
    const states = ["COMPLETED", "FAILED", "DLQ", "CANCELLED", "SCHEDULED", "ACTIVE", "PENDING"] as const;
    for (const state of states) await taskInState(operator.driver, state);
    operator.driver.clock.advance(1);
    const id = await operator.start({ action }, 3);
    const record = await operator.finish(id);
    const expected = {
      retry: { COMPLETED: 1, SCHEDULED: 1, ACTIVE: 1, PENDING: 4 },
      cancel: { COMPLETED: 1, FAILED: 1, DLQ: 1, CANCELLED: 4 },
      delete: {},
    };
    expect(await operator.states()).toEqual(expected[action]);
    expect(record).toMatchObject({ state: "completed", done: action === "delete" ? 7 : 3, skipped: 0 });
  });

  it("act on what matches all of a filter, and on nothing newer", async () => {
    const operator = await open();
    const { driver } = operator;
    await driver.enqueueMany(20, { type: "other" });
    const from = driver.clock.advance(1_000);
    const wanted = await driver.enqueueMany(120);
    await driver.enqueueMany(20, { queue: "mail" });
    const to = driver.clock.now();
    driver.clock.advance(1_000);
    await driver.enqueueMany(20);
    const filter = { type: "echo", queue: "primary", createdFrom: from, createdTo: to } as const;
    const id = await operator.start({ action: "delete", filter }, 120);
    await driver.enqueueMany(10);
    expect(await operator.finish(id)).toMatchObject({ done: 120, total: 120 });
    expect(await Promise.all(wanted.map((task) => driver.tasks.get(task)))).toEqual(wanted.map(() => null));
    expect(await operator.states()).toEqual({ PENDING: 70 });
  });

  it("cancel a whole queue while workers take from it and new tasks come", async () => {
    const operator = await open();
    const { driver } = operator;
    const ids = await driver.enqueueMany(400, { queue: "mail" });
    await driver.enqueueMany(30);
    const id = await operator.start({ action: "cancel", filter: { state: "PENDING", queue: "mail" } }, 400);
    const ran = new Set<string>();
    const fresh: string[] = [];
    const work = async () => {
      for (const task of await driver.claim({ queues: { mail: 20 }, limit: 20 })) {
        ran.add(task.id);
        await driver.settle(task, complete);
      }
      fresh.push(...(await driver.enqueueMany(5, { queue: "mail" })));
    };
    const record = await operator.finish(id, work);
    const old = await Promise.all(ids.map((task) => driver.task(task)));
    expect(old.filter(({ state }) => state === "PENDING")).toEqual([]);
    const cancelled = old.filter(({ state }) => state === "CANCELLED");
    expect(cancelled.every(({ lastError }) => lastError === bulkCancelReason)).toBe(true);
    expect(record.done).toBe(cancelled.length);
    expect(record.done + record.skipped).toBe(400);
    expect(record.skipped).toBeGreaterThan(0);
    const news = await Promise.all(fresh.map((task) => driver.task(task)));
    expect(news.filter(({ state }) => state === "CANCELLED")).toEqual([]);
    expect((await driver.tasks.status()).queues.primary).toBe(30);
  });

  it("cancel what moves from state to state meanwhile", async () => {
    const operator = await open();
    const { driver } = operator;
    await driver.enqueueMany(120);
    const id = await operator.start({ action: "cancel", filter: { type: "echo" } }, 120);
    const move = async () => {
      const [first, second] = await driver.claim({ limit: 2 });
      if (first) await driver.settle(first, failed({ to: "SCHEDULED", delayMs: 1_000_000 }));
      return second;
    };
    expect(await operator.finish(id, move)).toMatchObject({ done: 120, skipped: 0 });
    expect(await operator.states()).toEqual({ CANCELLED: 120 });
  });

  it("pass over what changed since the start", async () => {
    const operator = await open();
    const ids = await operator.bury(100);
    const id = await operator.start({ filter: { state: "DLQ" } }, 100);
    for (const task of ids.slice(0, 30)) await operator.driver.tasks.retry(task, { resetRetryCount: false });
    for (const task of ids.slice(30, 40)) await operator.driver.tasks.delete(task);
    expect(await operator.finish(id)).toMatchObject({ done: 60, skipped: 40, failed: 0, total: 100 });
  });

  it("take exactly the tasks that they are given", async () => {
    const operator = await open();
    const ids = await operator.bury(80);
    const wanted = [...ids.slice(0, 70), operator.driver.tasks.mintId(), "nonsense"];
    const waiting = await operator.driver.enqueue();
    const id = await operator.start({ taskIds: [...wanted, waiting] }, 73);
    expect(await operator.finish(id)).toMatchObject({ done: 70, skipped: 3, total: 73 });
    expect(await operator.states()).toEqual({ DLQ: 10, PENDING: 71 });
  });

  it("tell the sum in the end, where it was only estimated", async () => {
    const operator = await open();
    await operator.bury(70);
    const id = await operator.start({ filter: { state: "DLQ", type: "echo" } }, 12, true);
    expect(await operator.finish(id)).toMatchObject({ done: 70, total: 70, isTotalEstimate: false });
  });

  it("stop after the chunk in which they are cancelled", async () => {
    const operator = await open();
    await operator.bury(120);
    const id = await operator.start({ filter: { state: "DLQ" } }, 120);
    await operator.stores.operations.step(id, mine);
    const { done } = await operator.record(id);
    expect(await operator.stores.operations.cancel(id)).toBe(true);
    expect(await operator.stores.operations.step(id, mine)).toBe("ended");
    const record = await operator.record(id);
    expect(record).toMatchObject({ state: "cancelled", done, finishedAt: operator.driver.clock.now() });
    expect(await operator.states()).toEqual({ DLQ: 120 - done, PENDING: done });
    expect(await operator.stores.operations.cancel(id)).toBe(false);
    expect(await operator.stores.operations.cancel(operator.driver.tasks.mintId())).toBe(false);
  });

  it("belong to one owner, until its lease lapses or is given back", async () => {
    const operator = await open();
    const { operations } = operator.stores;
    await operator.bury(180);
    const id = await operator.start({ filter: { state: "DLQ" } }, 180);
    await operations.step(id, mine);
    expect(await operations.claim(other)).toBeNull();
    expect(await operations.step(id, other)).toBe("lease_lost");
    operator.driver.clock.advance(mine.leaseMs);
    expect(await operations.claim(other)).toBe(id);
    expect(await operations.step(id, mine)).toBe("lease_lost");
    await operations.fail(id, mine.owner, "not mine to fail");
    expect(await operations.step(id, other)).toBe("more");
    await operations.release(id, other.owner);
    expect(await operations.claim(mine)).toBe(id);
    expect(await operator.finish(id)).toMatchObject({ done: 180, skipped: 0, failed: 0, error: null });
    expect(await operations.claim(other)).toBeNull();
  });

  it("end with an error that is told", async () => {
    const operator = await open();
    const id = await operator.start({});
    await operator.stores.operations.fail(id, mine.owner, "it can't go on");
    expect(await operator.record(id)).toMatchObject({ state: "failed", error: "it can't go on" });
    expect(await operator.stores.operations.claim(other)).toBeNull();
  });

  it("are listed newest first, and kept up to a bound that spares those which run", async () => {
    const operator = await open();
    const { operations } = operator.stores;
    const running = await operator.start({});
    const ids: string[] = [];
    for (let count = 0; count < maxOperations + 5; count++) {
      const id = await operator.start({ filter: { idPrefix: "0" } });
      ids.push(id);
      await operations.cancel(id);
    }
    const listed = (await operations.list(200)).map(({ id }) => id);
    expect(listed).toEqual([...ids.toReversed().slice(0, maxOperations - 1), running]);
    expect(await operations.list(2)).toHaveLength(2);
    expect(await operations.get(ids[0] ?? "")).toBeNull();
  });

  it("are refused when as many run as are kept", async () => {
    const operator = await open();
    for (let count = 0; count < maxOperations; count++) await operator.start({});
    const id = operator.driver.tasks.mintId();
    const count = { matched: 0, isEstimate: false };
    const operation = { id, request: request({}), count };
    expect(await operator.stores.operations.create(operation, mine)).toBe("too_many");
    expect(await operator.stores.operations.get(id)).toBeNull();
  });

  it("end at once when nothing can match", async () => {
    const operator = await open();
    await operator.bury(3);
    for (const filter of [{ state: "PENDING" }, { state: "FAILED", queue: "dlq" }] as const) {
      const id = await operator.start({ filter });
      expect(await operator.finish(id)).toMatchObject({ state: "completed", done: 0, total: 0 });
    }
    expect(await operator.states()).toEqual({ DLQ: 3 });
  });

  it.skipIf(kind === "sqlite" || isPartitioned)(
    "count what throws as failed and go on (nobody can break a row of the embedded store)",
    async () => {
      const opened = await openStores();
      const operator = new Operator(opened);
      const redis = new Redis(opened.redisUrl ?? "", { keyPrefix: opened.place });
      const [broken] = await operator.bury(60);
      await redis.hset(`task:${broken}`, "queue", "broken");
      await redis.set("tasks:pending:broken:retry", "no list");
      const id = await operator.start({ filter: { state: "DLQ" } }, 60);
      expect(await operator.finish(id)).toMatchObject({ done: 59, failed: 1, state: "completed" });
      await redis.quit();
    },
  );
});

import { type TaskState, taskStates } from "@workstream/core";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { newTask } from "../new-task.ts";
import { describeStores } from "../store-fixture.ts";
import { complete, failed, leaseMs, snooze, TaskDriver, workerId } from "../task-driver.ts";
import { taskInState } from "../task-in-state.ts";

describeStores("management", (openStores, kind, isPartitioned) => {
  const open = async () => new TaskDriver(await openStores());

  const cancellable: readonly TaskState[] = ["PENDING", "SCHEDULED", "ACTIVE"];
  it.each(taskStates)("cancels what is %s, or says why not", async (state) => {
    const driver = await open();
    const { id } = await taskInState(driver, state);
    const before = await driver.task(id);
    driver.clock.advance(10);
    const outcome = await driver.tasks.cancel(id, "not needed");
    if (!cancellable.includes(state)) {
      expect(outcome).toEqual({ outcome: "refused", state });
      expect(await driver.task(id)).toEqual(before);
      return;
    }
    expect(outcome).toEqual({ outcome: "done", from: state, to: "CANCELLED" });
    expect(await driver.task(id)).toMatchObject({
      state: "CANCELLED",
      lastError: "not needed",
      completedAt: driver.clock.now(),
      updatedAt: driver.clock.now(),
      retryAfterAt: null,
    });
    const { states, queues } = await driver.tasks.status();
    expect(states).toEqual({ ...noTasks, CANCELLED: 1 });
    expect(queues).toEqual({ primary: 0, retry: 0, scheduled: 0, dlq: 0 });
    expect(await driver.claim()).toEqual([]);
  });

  it("cancels without a reason", async () => {
    const driver = await open();
    const id = await driver.enqueue();
    await driver.tasks.cancel(id, "");
    expect(await driver.task(id)).toMatchObject({ state: "CANCELLED", lastError: null });
  });

  const retryable: readonly TaskState[] = ["FAILED", "DLQ", "CANCELLED"];
  it.each(taskStates)("retries what is %s, or says why not", async (state) => {
    const driver = await open();
    const { id } = await taskInState(driver, state);
    const before = await driver.task(id);
    driver.clock.advance(10);
    const outcome = await driver.tasks.retry(id, { resetRetryCount: true });
    if (!retryable.includes(state)) {
      expect(outcome).toEqual({ outcome: "refused", state });
      expect(await driver.task(id)).toEqual(before);
      return;
    }
    expect(outcome).toEqual({ outcome: "done", from: state, to: "PENDING" });
    expect(await driver.task(id)).toMatchObject({
      state: "PENDING",
      retryCount: 0,
      completedAt: null,
      startedAt: null,
      retryAfterAt: null,
      progress: null,
      errorHistory: before.errorHistory,
    });
    expect((await driver.tasks.status()).states).toEqual({ ...noTasks, PENDING: 1 });
    expect(await driver.tasks.queueTaskIds("retry", 10)).toEqual([id]);
    expect(await driver.tasks.queueTaskIds("dlq", 10)).toEqual([]);
    expect(await driver.claimOne()).toMatchObject({ id, ageMs: 0, attempt: 1 });
  });

  it("keeps the retry count unless asked to reset it", async () => {
    const driver = await open();
    const id = await driver.ran(failed({ to: "SCHEDULED", delayMs: 0 }));
    await driver.tasks.promote(1);
    await driver.settle(await driver.claimOne(), failed({ to: "DLQ" }));
    await driver.tasks.retry(id, { resetRetryCount: false });
    expect((await driver.task(id)).retryCount).toBe(1);
    expect(await driver.claimOne()).toMatchObject({ attempt: 2, retryCount: 1 });
  });

  it("gives a retried task a new life: no expiry, no lost workers, no age", async () => {
    const driver = await open();
    const expired = await driver.enqueue({ expiresInMs: 100 });
    driver.clock.advance(100);
    await driver.claim();
    await driver.tasks.retry(expired, { resetRetryCount: false });
    driver.clock.advance(5_000);
    expect(await driver.claimOne()).toMatchObject({ id: expired, ageMs: 5_000 });
    expect((await driver.task(expired)).expiresAt).toBeNull();
  });

  it("sends the retry of a named queue's task to that queue", async () => {
    const driver = await open();
    const { id } = await taskInState(driver, "DLQ", { queue: "mail" });
    await driver.tasks.retry(id, { resetRetryCount: false });
    expect((await driver.tasks.status()).queues).toMatchObject({ mail: 1, retry: 0, dlq: 0 });
    expect((await driver.claim({ queues: { mail: 1 } })).map((task) => task.id)).toEqual([id]);
  });

  it.each(taskStates)("removes every trace of what is %s", async (state) => {
    const driver = await open();
    const { id, token } = await taskInState(driver, state);
    const kept = await driver.enqueue({ queue: "other" });
    expect(await driver.tasks.delete(id)).toEqual({ outcome: "deleted", from: state });
    expect(await driver.tasks.get(id)).toBeNull();
    const { states, queues } = await driver.tasks.status();
    expect(states).toEqual({ ...noTasks, PENDING: 1 });
    expect(queues).toEqual({ primary: 0, retry: 0, scheduled: 0, dlq: 0, other: 1 });
    for (const filter of [{}, { state }, { type: "echo" }, { idPrefix: id }, { queue: "primary" }]) {
      const page = await driver.tasks.list({
        filter,
        sortBy: "created_at",
        sortOrder: "asc",
        position: { offset: 0 },
        limit: 10,
        withBodies: true,
      });
      expect(page.tasks.map((task) => task.id).filter((found) => found !== kept)).toEqual([]);
    }
    expect(await driver.tasks.deadLetters(10)).toEqual([]);
    driver.clock.advance(100_000);
    expect(await driver.tasks.promote(10)).toEqual({ promoted: 0, nextDueInMs: null });
    expect(await driver.claim()).toEqual([]);
    if (token) expect(await driver.settle({ id, token }, complete)).toBe("not_found");
    expect(await driver.tasks.delete(id)).toEqual({ outcome: "not_found" });
  });

  it("knows no task that was never there", async () => {
    const { tasks } = await open();
    for (const id of [tasks.mintId(), "nonsense", "", "../etc"]) {
      expect(await tasks.cancel(id, "")).toEqual({ outcome: "not_found" });
      expect(await tasks.retry(id, { resetRetryCount: true })).toEqual({ outcome: "not_found" });
      expect(await tasks.delete(id)).toEqual({ outcome: "not_found" });
      expect(await tasks.get(id)).toBeNull();
    }
  });

  it("takes tasks out of the middle of a lane and of the dead letters", async () => {
    const driver = await open();
    const lane = await driver.enqueueMany(5);
    await driver.tasks.cancel(lane[1] ?? "", "");
    await driver.tasks.delete(lane[3] ?? "");
    const rest = [lane[0], lane[2], lane[4]];
    expect(await driver.tasks.queueTaskIds("primary", 10)).toEqual(rest);
    const claimed = await driver.claim();
    expect(claimed.map(({ id }) => id)).toEqual(rest);
    const attempts = claimed.map(({ id, token }) => ({ id, token, settlement: failed({ to: "DLQ" }) }));
    await driver.tasks.settle(workerId, attempts);
    await driver.tasks.retry(rest[1] ?? "", { resetRetryCount: true });
    expect(await driver.tasks.queueTaskIds("dlq", 10)).toEqual([rest[0], rest[2]]);
  });

  it("pauses and resumes a queue, and says whether that changed anything", async () => {
    const { tasks, claim, enqueue } = bound(await open());
    const id = await enqueue();
    expect(await tasks.pause("primary")).toBe(true);
    expect(await tasks.pause("primary")).toBe(false);
    expect(await tasks.pause("mail")).toBe(true);
    expect((await tasks.pausedQueues()).toSorted()).toEqual(["mail", "primary"]);
    expect(await claim()).toEqual([]);
    expect(await tasks.resume("primary")).toBe(true);
    expect(await tasks.resume("primary")).toBe(false);
    expect(await tasks.pausedQueues()).toEqual(["mail"]);
    expect((await claim()).map((task) => task.id)).toEqual([id]);
  });

  it("accepts tasks for a paused queue, and settles those that run", async () => {
    const driver = await open();
    await driver.enqueue();
    const attempt = await driver.claimOne();
    await driver.tasks.pause("primary");
    await driver.enqueue();
    expect(await driver.settle(attempt, complete)).toBe("settled");
    expect((await driver.tasks.status()).states).toMatchObject({ PENDING: 1, COMPLETED: 1 });
  });

  it("keeps the word of whoever comes first, cancel or settle", async () => {
    const driver = await open();
    for (let count = 0; count < 20; count++) {
      const id = await driver.enqueue();
      const attempt = await driver.claimOne();
      const [cancelled, settled] = await Promise.all([
        driver.tasks.cancel(id, "race"),
        driver.settle(attempt, complete),
      ]);
      const { state } = await driver.task(id);
      const story = `${cancelled.outcome} ${settled} ${state}`;
      expect(["done lease_lost CANCELLED", "refused settled COMPLETED"]).toContain(story);
    }
  });

  describe("requeueOrphaned", () => {
    it("finds nothing in a healthy store", async () => {
      const driver = await open();
      for (const state of taskStates) await taskInState(driver, state, { queue: `q-${state.toLowerCase()}` });
      expect(await driver.tasks.requeueOrphaned()).toEqual({ found: 0, requeued: 0, errors: [] });
    });

    it("puts tasks whose lease ran out on their retry list", async () => {
      const driver = await open();
      await driver.enqueueMany(2);
      await driver.enqueue({ queue: "mail" });
      const [first, second] = await driver.claim();
      await driver.claim({ queues: { mail: 1 } });
      driver.clock.advance(leaseMs - 10);
      await driver.tasks.extend(workerId, [{ id: second?.id ?? "", token: second?.token ?? "" }], leaseMs);
      driver.clock.advance(11);
      expect(await driver.tasks.requeueOrphaned()).toEqual({ found: 2, requeued: 2, errors: [] });
      expect(await driver.tasks.queueTaskIds("retry", 10)).toEqual([first?.id]);
      const { states, queues } = await driver.tasks.status();
      expect(states).toEqual({ ...noTasks, PENDING: 2, ACTIVE: 1 });
      expect(queues).toMatchObject({ retry: 1, mail: 1 });
      const attempt = { id: first?.id ?? "", token: first?.token ?? "" };
      expect(await driver.settle(attempt, complete)).toBe("lease_lost");
      expect((await driver.task(attempt.id)).state).toBe("PENDING");
    });

    it.skipIf(kind === "sqlite" || isPartitioned)(
      "finds PENDING tasks that are in no lane (on the embedded store the lane is a column of the task)",
      async () => {
        const opened = await openStores();
        const driver = new TaskDriver(opened);
        const ids = await driver.enqueueMany(3);
        const redis = new Redis(opened.redisUrl ?? "", { keyPrefix: opened.place });
        await redis.lrem("tasks:pending:primary", 1, ids[1] ?? "");
        await redis.quit();
        expect(await driver.tasks.requeueOrphaned()).toEqual({ found: 1, requeued: 1, errors: [] });
        expect(await driver.tasks.queueTaskIds("retry", 10)).toEqual([ids[1]]);
        expect((await driver.claim()).map(({ id }) => id).toSorted()).toEqual(ids);
      },
    );
  });

  it("retries a snoozed and cancelled task at once", async () => {
    const driver = await open();
    const id = await driver.ran(snooze(60_000));
    await driver.tasks.cancel(id, "");
    expect(await driver.tasks.promote(10)).toEqual({ promoted: 0, nextDueInMs: null });
    await driver.tasks.retry(id, { resetRetryCount: false });
    expect((await driver.claimOne()).id).toBe(id);
    expect(await driver.tasks.enqueue(newTask(id))).toMatchObject({ outcome: "exists" });
  });
});

const noTasks = Object.fromEntries(taskStates.map((state) => [state, 0]));

function bound(driver: TaskDriver) {
  return {
    tasks: driver.tasks,
    claim: () => driver.claim(),
    enqueue: () => driver.enqueue(),
  };
}

/** What other programs put on Redis's lists: it is run where it can be, and never blocks what stands behind it. */
import { timeOfTaskId } from "@workstream/core";
import { Redis } from "ioredis";
import { afterEach, describe, expect, it } from "vitest";
import { useStores } from "../store-fixture.ts";
import { complete, TaskDriver } from "../task-driver.ts";

describe("foreign writers on redis (nobody else can write into the embedded store's file)", () => {
  const openStores = useStores("redis");
  const clients: Redis[] = [];
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.quit()));
  });

  async function open() {
    const opened = await openStores();
    const redis = new Redis(opened.redisUrl ?? "", { keyPrefix: opened.place });
    clients.push(redis);
    return { driver: new TaskDriver(opened), redis };
  }

  it("runs a task that another program wrote, with the few fields that it needs", async () => {
    const { driver, redis } = await open();
    const id = driver.tasks.mintId();
    await redis.hset(`task:${id}`, { task_id: id, task_type: "echo", state: "PENDING", content: "hi" });
    await redis.rpush("tasks:pending:primary", id);
    const attempt = await driver.claimOne();
    expect(attempt).toMatchObject({ id, type: "echo", content: "hi", attempt: 1, retryCount: 0 });
    expect(await driver.settle(attempt, complete)).toBe("settled");
    expect(await driver.task(id)).toMatchObject({ state: "COMPLETED", result: "done" });
  });

  it("takes a task without a state for one that waits", async () => {
    const { driver, redis } = await open();
    const id = driver.tasks.mintId();
    await redis.hset(`task:${id}`, { task_id: id, task_type: "echo", content: "hi" });
    await redis.rpush("tasks:pending:primary", id);
    expect(await driver.settle(await driver.claimOne(), complete)).toBe("settled");
    expect((await driver.task(id)).state).toBe("COMPLETED");
  });

  it("reads a task whose fields hold what no field of ours would", async () => {
    const { driver, redis } = await open();
    const id = await driver.ran(complete);
    const history = [
      null,
      7,
      {},
      { timestamp: "2026-01-01T00:00:00Z", error: "it broke", error_type: "PyError" },
    ];
    await redis.hset(`task:${id}`, {
      created_at: "2026-01-01T00:00:00Z",
      retry_count: "x",
      max_retries: "-1",
      priority: "urgent",
      error_type: "PyError",
      error_history: JSON.stringify(history),
      metadata: "[]",
    });
    expect(await driver.task(id)).toMatchObject({
      ...{ state: "COMPLETED", retryCount: 0, maxRetries: 3, priority: "normal", errorType: "Default" },
      createdAt: timeOfTaskId(id),
      metadata: {},
      errorHistory: [{ error: "it broke", errorType: "Default", retryCount: 0, workerId: null }],
    });
  });

  it("drops ids without a task, and of tasks that are not waiting", async () => {
    const { driver, redis } = await open();
    const done = await driver.ran(complete);
    await redis.rpush("tasks:pending:primary", "nonsense", done, driver.tasks.mintId());
    await redis.rpush("tasks:pending:retry", "nonsense", done);
    const live = await driver.enqueue();
    expect((await driver.claim()).map(({ id }) => id)).toEqual([live]);
    expect(await redis.llen("tasks:pending:primary")).toBe(0);
    expect(await redis.llen("tasks:pending:retry")).toBe(0);
    expect((await driver.task(done)).state).toBe("COMPLETED");
  });

  it("gives an id out once that stands on its lane twice", async () => {
    const { driver, redis } = await open();
    const id = await driver.enqueue();
    await redis.rpush("tasks:pending:primary", id);
    expect((await driver.claim()).map((task) => task.id)).toEqual([id]);
    expect(await driver.claim()).toEqual([]);
  });

  it("gives each task its own content, though ids among them stand there twice", async () => {
    const { driver, redis } = await open();
    const overrides = [{}, { priority: "high" }, { metadata: '{"a":1}' }, { type: "other" }, {}] as const;
    const contents = new Map<string, string>();
    for (const [at, more] of overrides.entries()) {
      contents.set(await driver.enqueue({ ...more, content: `text ${at}` }), `text ${at}`);
    }
    const ids = [...contents.keys()];
    await redis.rpush("tasks:pending:primary", ids[0] ?? "", ids[2] ?? "", ids[1] ?? "", ids[4] ?? "");
    await redis.lpush("tasks:pending:primary", ids[3] ?? "");
    const claimed = await driver.claim({ limit: 10 });
    expect(claimed.map(({ id }) => id).sort()).toEqual(ids.sort());
    for (const { id, content } of claimed) expect(content).toBe(contents.get(id));
  });

  it.each([
    ["no task_type", "task_type"],
    ["no content", "content"],
  ])("buries a task with %s and says why", async (_, field) => {
    const { driver, redis } = await open();
    const id = await driver.enqueue();
    const live = await driver.enqueue();
    await redis.hdel(`task:${id}`, field, "lease");
    expect((await driver.claim()).map((task) => task.id)).toEqual([live]);
    const task = await driver.task(id);
    expect(task).toMatchObject({ state: "DLQ", errorType: "ValidationError" });
    expect(task.lastError).toMatch(/^The task's hash can't be read: /);
    expect(task.errorHistory).toMatchObject([
      { stateTransition: "PENDING → DLQ", errorType: "ValidationError" },
    ]);
    expect(await driver.tasks.queueTaskIds("dlq", 10)).toEqual([id]);
    expect(await redis.exists(`dlq:task:${id}`)).toBe(1);
  });

  it("answers for a hash of another type of value as for no task", async () => {
    const { driver, redis } = await open();
    const id = driver.tasks.mintId();
    await redis.set(`task:${id}`, "not a hash");
    await redis.rpush("tasks:pending:primary", id);
    const live = await driver.enqueue();
    expect((await driver.claim()).map((task) => task.id)).toEqual([live]);
  });
});

import { errorGroup, type TaskFilter, type TaskListQuery, unknownErrorGroup } from "@workstream/core";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";
import { complete, failed, TaskDriver, workerId } from "../task-driver.ts";

const lost = (error: string) => failed({ to: "DLQ" }, "NetworkTimeout", error);
const refused = errorGroup("echo", "NetworkTimeout", "connection 1 refused");
const reset = errorGroup("echo", "NetworkTimeout", "connection 1 was reset");

describeStores("error groups", (openStores, kind, isPartitioned) => {
  const open = async () => new TaskDriver(await openStores());

  async function idsBy(driver: TaskDriver, filter: TaskFilter, overrides: Partial<TaskListQuery> = {}) {
    const { tasks, total, isTotalEstimate } = await driver.tasks.list({
      filter,
      sortBy: "created_at",
      sortOrder: "asc",
      position: { offset: 0 },
      limit: 10,
      withBodies: false,
      ...overrides,
    });
    return { ids: tasks.map(({ id }) => id), total, isTotalEstimate };
  }

  /** Two dead letters of one cause, one of another between them, a second apart. */
  async function threeDead(driver: TaskDriver): Promise<[string, string, string]> {
    const first = await driver.ran(lost("connection 17 refused"));
    driver.clock.advance(1_000);
    const second = await driver.ran(lost("connection 3 was reset"));
    driver.clock.advance(1_000);
    return [first, second, await driver.ran(lost("connection 42 refused"))];
  }

  it("are dead letters with one type, error type and message, the one that grew last first", async () => {
    const driver = await open();
    const startedAt = driver.clock.now();
    const [first, second, third] = await threeDead(driver);
    const cause = { type: "echo", errorType: "NetworkTimeout" };
    expect(await driver.tasks.deadLetterGroups(10)).toEqual({
      groups: [
        {
          ...{ ...cause, group: refused, count: 2, firstAt: startedAt, lastAt: startedAt + 2_000 },
          ...{ taskIds: [third, first], message: "connection 42 refused" },
        },
        {
          ...{ ...cause, group: reset, count: 1, firstAt: startedAt + 1_000, lastAt: startedAt + 1_000 },
          ...{ taskIds: [second], message: "connection 3 was reset" },
        },
      ],
      totalGroups: 2,
      totalDeadLetters: 3,
    });
    expect((await driver.tasks.deadLetterGroups(1)).groups.map(({ group }) => group)).toEqual([refused]);
    expect((await driver.task(first)).errorGroup).toBe(refused);
  });

  it("show the newest five of many", async () => {
    const driver = await open();
    const ids: string[] = [];
    for (let count = 0; count < 7; count++) {
      ids.push(await driver.ran(lost(`connection ${count} refused`)));
      driver.clock.advance(1);
    }
    const [group] = (await driver.tasks.deadLetterGroups(1)).groups;
    expect(group).toMatchObject({ count: 7, taskIds: ids.toReversed().slice(0, 5) });
  });

  it.each(["retry", "delete", "prune"] as const)("lose what leaves by %s", async (verb) => {
    const driver = await open();
    const [first] = await threeDead(driver);
    if (verb === "retry") await driver.tasks.retry(first, { resetRetryCount: false });
    if (verb === "delete") await driver.tasks.delete(first);
    const keep = { maxAgeMs: 1e9, maxCount: 1e6 };
    const policy = { COMPLETED: keep, FAILED: keep, DLQ: { maxAgeMs: 1e9, maxCount: 2 }, CANCELLED: keep };
    if (verb === "prune") expect(await driver.tasks.prune(policy, 10)).toEqual({ pruned: 1 });
    const { groups, totalGroups, totalDeadLetters } = await driver.tasks.deadLetterGroups(10);
    expect(groups.map(({ group, count }) => [group, count])).toEqual([
      [refused, 1],
      [reset, 1],
    ]);
    expect([totalGroups, totalDeadLetters]).toEqual([2, 2]);
    if (verb === "retry") expect((await driver.task(first)).errorGroup).toBeNull();
  });

  it("go with their last dead letter, and come back with the next", async () => {
    const driver = await open();
    const id = await driver.ran(lost("connection 1 refused"));
    await driver.tasks.retry(id, { resetRetryCount: true });
    expect(await driver.tasks.deadLetterGroups(10)).toEqual({
      groups: [],
      totalGroups: 0,
      totalDeadLetters: 0,
    });
    await driver.settle(await driver.claimOne(), lost("connection 5 was reset"));
    expect((await driver.tasks.deadLetterGroups(10)).groups).toMatchObject([{ group: reset, count: 1 }]);
    expect((await idsBy(driver, { errorGroup: refused })).total).toBe(0);
  });

  it("hold what a store buried itself in a group of its own", async () => {
    const driver = await open();
    await driver.warmReaper();
    for (const worker of ["host-1-aaaa", "host-2-bbbb"]) {
      await driver.enqueue();
      await driver.begin(await driver.claimOne({ workerId: worker }), worker);
      await driver.loseWorkers({ maxLostWorkers: 1 });
    }
    expect((await driver.tasks.deadLetterGroups(10)).groups).toMatchObject([
      { group: "echo:WorkerLost", count: 2, errorType: "WorkerLost" },
    ]);
  });

  it("are a filter: alone exact and in order of death, with others a walk", async () => {
    const driver = await open();
    const [first, second, third] = await threeDead(driver);
    const other = await driver.ran(failed({ to: "DLQ" }), { type: "other" });
    const both = { ids: [first, third], total: 2, isTotalEstimate: false };
    expect(await idsBy(driver, { errorGroup: refused })).toEqual(both);
    expect(await idsBy(driver, { errorGroup: refused, state: "DLQ" })).toEqual(both);
    expect(await idsBy(driver, { errorGroup: refused, queue: "dlq" })).toEqual(both);
    expect(await idsBy(driver, { errorGroup: refused, type: "echo", queue: "primary" })).toEqual(both);
    expect(await idsBy(driver, { errorGroup: refused, type: "other" })).toMatchObject({ ids: [], total: 0 });
    expect(await idsBy(driver, { errorGroup: refused, state: "PENDING" })).toMatchObject({ total: 0 });
    expect(await idsBy(driver, { errorGroup: "no:such:group" })).toMatchObject({ total: 0 });
    const newestFirst = { sortOrder: "desc", sortBy: "completed_at" } as const;
    expect((await idsBy(driver, { errorGroup: refused }, newestFirst)).ids).toEqual([third, first]);
    expect(await idsBy(driver, { errorType: "NetworkTimeout" })).toMatchObject({
      ids: [first, second, third],
    });
    expect(await idsBy(driver, { errorType: "Default", state: "DLQ" })).toMatchObject({ ids: [other] });
  });

  it("filter by an error type in any state", async () => {
    const driver = await open();
    const waiting = await driver.ran(failed({ to: "SCHEDULED", delayMs: 60_000 }, "RateLimitError"));
    await driver.ran(complete);
    expect((await idsBy(driver, { errorType: "RateLimitError" })).ids).toEqual([waiting]);
  });

  it("are paged by cursor, while dead letters leave", async () => {
    const driver = await open();
    const ids: string[] = [];
    for (let count = 0; count < 6; count++) ids.push(await driver.ran(lost(`connection ${count} refused`)));
    const query = { filter: { errorGroup: refused }, sortBy: "created_at", sortOrder: "asc" } as const;
    const rest = { limit: 2, withBodies: false };
    const first = await driver.tasks.list({ ...query, ...rest, position: { offset: 0 } });
    for (const id of ids.slice(0, 2)) await driver.tasks.delete(id);
    const second = await driver.tasks.list({
      ...query,
      ...rest,
      position: { cursor: first.nextCursor ?? "" },
    });
    expect(second.tasks.map(({ id }) => id)).toEqual(ids.slice(2, 4));
    expect(second.total).toBe(4);
  });

  it("count many at once", async () => {
    const driver = await open();
    await driver.enqueueMany(250);
    const claimed = await driver.claim({ queues: { primary: 250 }, limit: 250 });
    const settlement = lost("connection 9 refused");
    await driver.tasks.settle(
      workerId,
      claimed.map(({ id, token }) => ({ id, token, settlement })),
    );
    expect((await driver.tasks.deadLetterGroups(1)).groups).toMatchObject([{ group: refused, count: 250 }]);
  });

  it.skipIf(kind === "sqlite" || isPartitioned)(
    "take in what came without a group, and let go what another program took (nobody else writes the embedded store)",
    async () => {
      const opened = await openStores();
      const driver = new TaskDriver(opened);
      const redis = new Redis(opened.redisUrl ?? "", { keyPrefix: opened.place });
      const foreign = driver.tasks.mintId();
      const facts = { task_type: "echo", state: "DLQ", last_error: "connection 8 refused" };
      await redis.hset(`task:${foreign}`, { task_id: foreign, error_type: "NetworkTimeout", ...facts });
      await redis.rpush("dlq:tasks", foreign);
      expect(await driver.task(foreign)).toMatchObject({ errorGroup: unknownErrorGroup });
      expect((await idsBy(driver, { errorGroup: unknownErrorGroup })).ids).toEqual([foreign]);
      const id = await driver.ran(lost("connection 1 refused"));
      expect((await driver.tasks.deadLetterGroups(5)).groups).toMatchObject([
        { group: refused, count: 2, taskIds: [id, foreign] },
      ]);
      expect((await idsBy(driver, { errorGroup: unknownErrorGroup })).total).toBe(0);
      await redis.lrem("dlq:tasks", 1, foreign);
      await redis.del(`task:${foreign}`);
      expect((await driver.tasks.deadLetterGroups(5)).groups).toMatchObject([{ group: refused, count: 1 }]);
      expect(await redis.keys(`${opened.place}dlq:*`)).toHaveLength(5);
      await driver.tasks.delete(id);
      expect(await redis.keys(`${opened.place}dlq:*`)).toEqual([]);
      await redis.quit();
    },
  );

  it.skipIf(kind === "sqlite")(
    "tell how many have no group yet, where there are more than one call looks at (a file is grouped when it is opened)",
    async () => {
      const opened = await openStores();
      const driver = new TaskDriver(opened);
      const redis = new Redis(opened.redisUrl ?? "", { keyPrefix: opened.place });
      const ids = Array.from({ length: 700 }, () => driver.tasks.mintId());
      const pipeline = redis.pipeline();
      for (const id of ids) pipeline.hset(`task:${id}`, { task_type: "echo", state: "DLQ", last_error: "x" });
      await pipeline.rpush("dlq:tasks", ...ids).exec();
      const counts = async () =>
        (await driver.tasks.deadLetterGroups(5)).groups.map(({ group, count }) => [group, count]);
      const known = errorGroup("echo", "Default", "x");
      expect(await counts()).toEqual([
        [known, 500],
        [unknownErrorGroup, 200],
      ]);
      expect(await counts()).toEqual([[known, 700]]);
      await redis.quit();
    },
  );
});

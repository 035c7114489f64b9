import type { Task, TaskFilter, TaskListQuery } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { newTask } from "../new-task.ts";
import { describeStores } from "../store-fixture.ts";
import { complete, failed, snooze, TaskDriver } from "../task-driver.ts";
import { taskInState } from "../task-in-state.ts";

function query(overrides: Partial<TaskListQuery> = {}): TaskListQuery {
  return {
    filter: {},
    sortBy: "created_at",
    sortOrder: "desc",
    position: { offset: 0 },
    limit: 100,
    withBodies: true,
    ...overrides,
  };
}

/** Ids of all pages by cursor. */
async function walk(
  driver: TaskDriver,
  overrides: Partial<TaskListQuery>,
  eachPage?: () => Promise<unknown>,
) {
  const ids: string[] = [];
  let pages = 0;
  let position: TaskListQuery["position"] = { offset: 0 };
  for (;;) {
    const page = await driver.tasks.list(query({ ...overrides, position }));
    ids.push(...page.tasks.map(({ id }) => id));
    pages += 1;
    if (page.nextCursor === null) return { ids, pages };
    if (pages > 500) throw new Error("The cursor goes on for ever.");
    position = { cursor: page.nextCursor };
    await eachPage?.();
  }
}

const states = ["PENDING", "ACTIVE", "COMPLETED", "FAILED", "SCHEDULED", "DLQ", "CANCELLED"] as const;

/** 42 tasks, each created in a millisecond of its own: every state in two queues, of three types. */
async function populate(driver: TaskDriver): Promise<Task[]> {
  const ids: string[] = [];
  for (let count = 0; count < 42; count++) {
    const state = states[count % 7] ?? "PENDING";
    const queue = count % 2 === 0 ? "primary" : "mail";
    const overrides = { type: `type-${count % 3}`, queue, content: `content ${count}` };
    driver.clock.advance(3);
    // What is to be PENDING comes late, so that it is not claimed on the way.
    const isLate = state === "PENDING";
    const late = { ...overrides, delayMs: 500 };
    ids.push(isLate ? await driver.enqueue(late) : (await taskInState(driver, state, overrides)).id);
  }
  driver.clock.advance(500);
  await driver.tasks.promote(100);
  return Promise.all(ids.map((id) => driver.task(id)));
}

function matches(task: Task, filter: TaskFilter): boolean {
  const stands = { retry: "", scheduled: "SCHEDULED", dlq: "DLQ" }[filter.queue ?? ""];
  if (filter.state && task.state !== filter.state) return false;
  if (filter.type && task.type !== filter.type) return false;
  if (filter.queue && (stands === undefined ? task.queue !== filter.queue : task.state !== stands))
    return false;
  if (filter.createdFrom && task.createdAt < filter.createdFrom) return false;
  if (filter.createdTo && task.createdAt > filter.createdTo) return false;
  return task.id.startsWith(filter.idPrefix ?? "");
}

describeStores("reading", (openStores) => {
  const open = async () => new TaskDriver(await openStores());

  describe("list", () => {
    it.each(["asc", "desc"] as const)("lists everything by creation, %s", async (sortOrder) => {
      const driver = await open();
      const tasks = await populate(driver);
      const page = await driver.tasks.list(query({ sortOrder }));
      expect(page.tasks).toEqual(sortOrder === "asc" ? tasks : tasks.toReversed());
      expect(page).toMatchObject({ total: 42, isTotalEstimate: false, nextCursor: null });
    });

    it("answers an empty store", async () => {
      const { tasks } = await open();
      const nothing = { tasks: [], total: 0, isTotalEstimate: false, nextCursor: null };
      expect(await tasks.list(query())).toEqual(nothing);
      expect(await tasks.list(query({ filter: { state: "DLQ" } }))).toEqual(nothing);
      expect(await tasks.list(query({ filter: { type: "echo" } }))).toEqual(nothing);
      expect(await tasks.list(query({ filter: { queue: "mail" } }))).toEqual(nothing);
    });

    const exact: TaskFilter[] = [
      ...states.map((state) => ({ state })),
      { type: "type-1" },
      { type: "none" },
      { queue: "primary" },
      { queue: "mail" },
      { queue: "dlq" },
      { queue: "scheduled" },
    ];
    it.each(exact.map((filter) => [JSON.stringify(filter), filter] as const))(
      "finds exactly %s, page by page",
      async (_, filter) => {
        const driver = await open();
        const expected = (await populate(driver)).filter((task) => matches(task, filter)).map(({ id }) => id);
        const whole = await driver.tasks.list(query({ filter, sortOrder: "asc" }));
        const ids = whole.tasks.map(({ id }) => id);
        expect(ids.toSorted()).toEqual(expected.toSorted());
        expect(whole).toMatchObject({ total: expected.length, isTotalEstimate: false, nextCursor: null });
        const reversed = await driver.tasks.list(query({ filter, sortOrder: "desc" }));
        expect(reversed.tasks.map(({ id }) => id)).toEqual(ids.toReversed());
        expect((await walk(driver, { filter, sortOrder: "asc", limit: 4 })).ids).toEqual(ids);
        const paged: string[] = [];
        for (let offset = 0; offset < expected.length; offset += 4) {
          const page = await driver.tasks.list(
            query({ filter, sortOrder: "asc", limit: 4, position: { offset } }),
          );
          expect(page.total).toBe(expected.length);
          paged.push(...page.tasks.map(({ id }) => id));
        }
        expect(paged).toEqual(ids);
      },
    );

    it.each([{ type: "type-2" }, { queue: "mail" }] satisfies TaskFilter[])(
      "keeps the order of creation under %o",
      async (filter) => {
        const driver = await open();
        const expected = (await populate(driver)).filter((task) => matches(task, filter)).map(({ id }) => id);
        const { tasks } = await driver.tasks.list(query({ filter, sortOrder: "asc" }));
        expect(tasks.map(({ id }) => id)).toEqual(expected);
      },
    );

    it("finds what stands on the retry list", async () => {
      const driver = await open();
      const id = await driver.ran(failed({ to: "SCHEDULED", delayMs: 0 }));
      await driver.tasks.promote(1);
      await driver.enqueue();
      const page = await driver.tasks.list(query({ filter: { queue: "retry" } }));
      expect(page.tasks.map((task) => task.id)).toEqual([id]);
      expect(page.total).toBe(1);
    });

    it("bounds creation times, both ends included", async () => {
      const driver = await open();
      const tasks = await populate(driver);
      const [createdFrom, createdTo] = [tasks[10]?.createdAt ?? 0, tasks[20]?.createdAt ?? 0];
      for (const filter of [{}, { type: "type-0" }, { queue: "mail" }]) {
        const bounds = { ...filter, createdFrom, createdTo };
        const page = await driver.tasks.list(query({ filter: bounds, sortOrder: "asc" }));
        const expected = tasks.filter((task) => matches(task, bounds));
        expect(page.tasks).toEqual(expected);
        expect(page).toMatchObject({ total: expected.length, isTotalEstimate: false });
      }
      const after = await driver.tasks.list(query({ filter: { createdFrom: createdTo + 1 } }));
      expect(after.total).toBe(21);
      const before = await driver.tasks.list(query({ filter: { createdTo: createdFrom - 1 } }));
      expect(before.total).toBe(10);
      expect((await driver.tasks.list(query({ filter: { createdFrom: 2, createdTo: 1 } }))).total).toBe(0);
    });

    it("finds tasks by their id and by its beginning", async () => {
      const driver = await open();
      const tasks = await populate(driver);
      const one = tasks[17]?.id ?? "";
      for (const length of [36, 30, 20, 15, 14, 13, 9, 8, 4, 1]) {
        const filter = { idPrefix: one.slice(0, length) };
        const expected = tasks.filter((task) => matches(task, filter)).map(({ id }) => id);
        const { ids } = await walk(driver, { filter, sortOrder: "asc", limit: 10 });
        expect(ids).toEqual(expected);
      }
      for (const idPrefix of [`${one}0`, "ffffffff", "not an id", "*", "%", "_"]) {
        expect((await walk(driver, { filter: { idPrefix } })).ids).toEqual([]);
      }
      const typed = { idPrefix: one.slice(0, 13), type: tasks[17]?.type ?? "" };
      expect((await walk(driver, { filter: typed })).ids).toEqual(
        tasks
          .filter((task) => matches(task, typed))
          .map(({ id }) => id)
          .toReversed(),
      );
    });

    it.each([
      { state: "PENDING", type: "type-0" },
      { state: "COMPLETED", queue: "mail" },
      { type: "type-1", queue: "primary" },
      { state: "DLQ", type: "type-2", queue: "mail" },
      { state: "SCHEDULED", createdFrom: 1 },
      { queue: "dlq", type: "type-2" },
    ] satisfies TaskFilter[])("finds by a combination: %o", async (filter) => {
      const driver = await open();
      const expected = (await populate(driver)).filter((task) => matches(task, filter)).map(({ id }) => id);
      const { ids } = await walk(driver, { filter, limit: 3 });
      expect(ids.toSorted()).toEqual(expected.toSorted());
      const page = await driver.tasks.list(query({ filter, limit: 100 }));
      expect(page.total).toBeLessThanOrEqual(expected.length);
      if (!page.isTotalEstimate) expect(page.total).toBe(expected.length);
    });

    it.each(["COMPLETED", "FAILED", "CANCELLED"] as const)("sorts %s by completion", async (state) => {
      const driver = await open();
      const ids: string[] = [];
      const attempts = await Promise.all(
        [0, 1, 2, 3].map(async (n) => {
          driver.clock.advance(1);
          return (await taskInState(driver, "SCHEDULED", { queue: `q${n}`, delayMs: 1 })).id;
        }),
      );
      driver.clock.advance(10);
      await driver.tasks.promote(10);
      for (const n of [2, 0, 3, 1]) {
        driver.clock.advance(5);
        ids.push(attempts[n] ?? "");
        if (state === "CANCELLED") await driver.tasks.cancel(attempts[n] ?? "", "");
        else {
          const attempt = await driver.claimOne({ queues: { [`q${n}`]: 1 } });
          await driver.settle(attempt, state === "COMPLETED" ? complete : failed({ to: "FAILED" }));
        }
      }
      for (const sortBy of ["completed_at", "updated_at"] as const) {
        const up = await walk(driver, { filter: { state }, sortBy, sortOrder: "asc", limit: 3 });
        expect(up.ids).toEqual(ids);
        const down = await walk(driver, { filter: { state }, sortBy, sortOrder: "desc", limit: 3 });
        expect(down.ids).toEqual(ids.toReversed());
      }
    });

    it("sorts everything by update", async () => {
      const driver = await open();
      const tasks = await populate(driver);
      const expected = tasks.toSorted((a, b) => b.updatedAt - a.updatedAt).map(({ updatedAt }) => updatedAt);
      const page = await driver.tasks.list(query({ sortBy: "updated_at" }));
      expect(page.tasks.map(({ updatedAt }) => updatedAt)).toEqual(expected);
    });

    it("neither repeats nor misses a task while others are inserted", async () => {
      const driver = await open();
      const ids: string[] = [];
      for (let count = 0; count < 20; count++) {
        driver.clock.advance(count % 3);
        ids.push(await driver.enqueue());
      }
      const insert = async () => {
        driver.clock.advance(1);
        await driver.enqueueMany(3);
      };
      const { ids: walked, pages } = await walk(driver, { limit: 3 }, insert);
      expect(walked).toEqual(ids.toReversed());
      expect(pages).toBeGreaterThan(5);
    });

    it("walks on where a task it ended on was deleted", async () => {
      const driver = await open();
      const ids = await driver.enqueueMany(6);
      const first = await driver.tasks.list(query({ sortOrder: "asc", limit: 3 }));
      await driver.tasks.delete(ids[2] ?? "");
      const second = await driver.tasks.list(
        query({ sortOrder: "asc", limit: 3, position: { cursor: first.nextCursor ?? "" } }),
      );
      expect(second.tasks.map(({ id }) => id)).toEqual(ids.slice(3));
    });

    it("finds the few among thousands, in several bounded steps", async () => {
      const driver = await open();
      const rare: string[] = [];
      for (let count = 0; count < 5; count++) {
        await driver.enqueueMany(900, { type: "common" });
        driver.clock.advance(1);
        rare.push(...(await driver.enqueueMany(1, { type: "common", queue: "rare" })));
        driver.clock.advance(1);
      }
      await driver.enqueueMany(2_500, { type: "other", queue: "rare" });
      const { ids } = await walk(driver, { filter: { type: "common", queue: "rare" }, limit: 10 });
      expect(ids).toEqual(rare.toReversed());
    });

    it("leaves bodies out of summaries", async () => {
      const driver = await open();
      const id = await driver.ran({ kind: "complete", result: "a long text" }, { content: "Grüße" });
      const page = await driver.tasks.list(query({ withBodies: false }));
      expect(page.tasks).toEqual([
        { ...(await driver.task(id)), content: null, contentLength: 7, result: null, hasResult: true },
      ]);
    });

    it.each(["nonsense", "", "eyJhIjoxfQ", "999999999999999999999", "a,b,c"])(
      "refuses the cursor %j",
      async (cursor) => {
        const { tasks } = await open();
        await expect(tasks.list(query({ position: { cursor } }))).rejects.toMatchObject({
          code: "invalid_input",
        });
      },
    );
  });

  describe("status", () => {
    it("counts every state and queue, from nothing on", async () => {
      const driver = await open();
      expect(await driver.tasks.status()).toEqual({
        queues: { primary: 0, retry: 0, scheduled: 0, dlq: 0 },
        states: { PENDING: 0, ACTIVE: 0, COMPLETED: 0, FAILED: 0, SCHEDULED: 0, DLQ: 0, CANCELLED: 0 },
        retryRatio: 0.3,
      });
      await populate(driver);
      await driver.ran(failed({ to: "SCHEDULED", delayMs: 0 }), { queue: "third", priority: "high" });
      await driver.tasks.promote(1);
      expect(await driver.tasks.status()).toEqual({
        queues: { primary: 3, mail: 3, third: 1, retry: 0, scheduled: 6, dlq: 6 },
        states: { PENDING: 7, ACTIVE: 6, COMPLETED: 6, FAILED: 6, SCHEDULED: 6, DLQ: 6, CANCELLED: 6 },
        retryRatio: 0.3,
      });
    });

    it("tells the retries of primary apart", async () => {
      const driver = await open();
      await driver.ran(failed({ to: "SCHEDULED", delayMs: 0 }));
      await driver.tasks.promote(1);
      await driver.enqueue();
      expect((await driver.tasks.status()).queues).toMatchObject({ primary: 1, retry: 1 });
    });
  });

  describe("queueTaskIds", () => {
    it("lists lanes in the order in which they run", async () => {
      const driver = await open();
      const low = await driver.enqueue({ priority: "low", queue: "mail" });
      const normal = await driver.enqueueMany(2, { queue: "mail" });
      const high = await driver.enqueueMany(2, { priority: "high", queue: "mail" });
      expect(await driver.tasks.queueTaskIds("mail", 10)).toEqual([...high, ...normal, low]);
      expect(await driver.tasks.queueTaskIds("mail", 3)).toEqual([...high, normal[0]]);
    });

    it("lists scheduled tasks by due time and dead letters newest last", async () => {
      const driver = await open();
      const late = await driver.enqueue({ delayMs: 9_000 });
      const early = await driver.ran(snooze(1_000));
      expect(await driver.tasks.queueTaskIds("scheduled", 10)).toEqual([early, late]);
      const dead = [await driver.ran(failed({ to: "DLQ" })), await driver.ran(failed({ to: "DLQ" }))];
      expect(await driver.tasks.queueTaskIds("dlq", 10)).toEqual(dead);
      expect(await driver.tasks.queueTaskIds("dlq", 1)).toEqual([dead[0]]);
    });

    it("knows the standing queues and no others", async () => {
      const { tasks } = await open();
      for (const queue of ["primary", "retry", "scheduled", "dlq"]) {
        expect(await tasks.queueTaskIds(queue, 10)).toEqual([]);
      }
      expect(await tasks.queueTaskIds("unheard-of", 10)).toBeNull();
    });
  });

  it("lists dead letters, newest first", async () => {
    const driver = await open();
    const ids: string[] = [];
    for (let count = 0; count < 4; count++) {
      ids.push(await driver.ran(failed({ to: "DLQ" }), { content: `letter ${count}` }));
      driver.clock.advance(1);
    }
    const letters = await driver.tasks.deadLetters(3);
    expect(letters.map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 3));
    expect(letters[0]).toEqual(await driver.task(ids[3] ?? ""));
    expect(await driver.tasks.enqueue(newTask(ids[0] ?? ""))).toMatchObject({ outcome: "exists" });
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mintTaskId, type Stores, type TaskListQuery } from "@workstream/core";
import { claimRequest, complete, newTask, testClock } from "@workstream/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSqliteStores } from "./open-stores.ts";

const clock = testClock(Date.UTC(2026, 0, 1, 12, 0, 30));
const startedAt = clock.now();
const folder = mkdtempSync(join(tmpdir(), "workstream-listing-"));
const ids: string[] = [];
let stores: Stores;

/** 3,000 tasks, one every 250 ms: 12 minutes and a half, beginning and ending within a minute. */
beforeAll(async () => {
  stores = await openSqliteStores({ path: join(folder, "store.db"), now: clock.now });
  const { tasks } = stores;
  for (let count = 0; count < 30; count++) {
    const batch = Array.from({ length: 100 }, (_, n) => {
      clock.advance(250);
      return newTask(tasks.mintId(), {
        type: n % 10 === 0 ? "rare" : "common",
        queue: n % 3 ? "primary" : "mail",
      });
    });
    ids.push(...batch.map(({ id }) => id));
    await tasks.enqueueBatch(batch);
  }
  const claimed = await tasks.claim(claimRequest({ queues: { primary: 50 }, limit: 50 }));
  await tasks.settle(
    "host-1-aaaa",
    claimed.map(({ id, token }) => ({ id, token, settlement: complete })),
  );
});
afterAll(async () => {
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});

function list(overrides: Partial<TaskListQuery>) {
  const position = { offset: 0 };
  const plain = {
    filter: {},
    sortBy: "created_at",
    sortOrder: "asc",
    position,
    limit: 100,
    withBodies: false,
  } as const;
  return stores.tasks.list({ ...plain, ...overrides });
}

it.each([
  [0, 750_000],
  [250, 250],
  [1_000, 29_000],
  [29_750, 30_250],
  [30_000, 90_000],
  [61_234, 599_999],
  [400_000, 900_000],
  [-5_000, 1_000],
])("counts what was created between %i and %i ms exactly", async (from, to) => {
  const createdAt = ids.map((_, index) => (index + 1) * 250);
  for (const [filter, matches] of [
    [{}, () => true],
    [{ type: "rare" }, (index: number) => index % 10 === 0],
    [{ queue: "mail" }, (index: number) => (index % 100) % 3 === 0],
  ] as const) {
    const bounds = { createdFrom: startedAt + from, createdTo: startedAt + to };
    const expected = createdAt.filter((at, index) => at >= from && at <= to && matches(index % 100));
    const page = await list({ filter: { ...filter, ...bounds } });
    expect(page).toMatchObject({ total: expected.length, isTotalEstimate: false });
    expect(page.tasks.map((task) => task.createdAt - startedAt)).toEqual(expected.slice(0, 100));
  }
});

it.each(["zzz", "*", "%", "0-1", `${mintTaskId(startedAt).slice(0, 8)}0`])(
  "counts nothing for %s, which begins no id",
  async (idPrefix) => {
    const none = { total: 0, tasks: [], isTotalEstimate: false, nextCursor: null };
    expect(await list({ filter: { idPrefix } })).toEqual(none);
    expect(await list({ filter: { idPrefix, type: "rare" } })).toEqual(none);
  },
);

it("pages far into a list by offset and by cursor alike", async () => {
  const far = await list({ position: { offset: 2_950 }, limit: 20 });
  expect(far.tasks.map(({ id }) => id)).toEqual(ids.slice(2_950, 2_970));
  const next = await list({ position: { cursor: far.nextCursor ?? "" }, limit: 100 });
  expect(next.tasks.map(({ id }) => id)).toEqual(ids.slice(2_970));
  expect(next.nextCursor).toBeNull();
});

it("goes on with what is PENDING when a lane has run empty between two pages", async () => {
  const { tasks, close } = await openSqliteStores({ path: join(folder, "lanes.db"), now: clock.now });
  const added = (["high", "high", "normal", "low"] as const).map((priority) =>
    newTask(tasks.mintId(), { priority }),
  );
  await tasks.enqueueBatch(added);
  const query = {
    filter: { state: "PENDING" },
    sortBy: "created_at",
    sortOrder: "asc",
    withBodies: false,
  } as const;
  const first = await tasks.list({ ...query, position: { offset: 1 }, limit: 1 });
  expect(first.tasks.map(({ id }) => id)).toEqual([added[1]?.id]);
  for (const { id } of added.slice(0, 2)) await tasks.cancel(id, "");
  const rest = await tasks.list({ ...query, position: { cursor: first.nextCursor ?? "" }, limit: 5 });
  expect(rest.tasks.map(({ id }) => id)).toEqual(added.slice(2).map(({ id }) => id));
  await close();
});

it("says that a total is a lower bound when it walked 2,000 candidates and not all", async () => {
  const filter = { state: "PENDING", type: "common", createdFrom: startedAt } as const;
  const first = await list({ filter });
  expect(first.isTotalEstimate).toBe(true);
  expect(first.total).toBeLessThan(2_700);
  let [found, cursor, last] = [first.tasks.length, first.nextCursor, first];
  while (cursor !== null) {
    last = await list({ filter, position: { cursor } });
    found += last.tasks.length;
    cursor = last.nextCursor;
  }
  expect(last.isTotalEstimate).toBe(false);
  expect(last.total).toBe(found);
  expect(found).toBe(2_700 - (await list({ filter: { state: "COMPLETED", type: "common" } })).total);
});

it("goes on in the next window when a sort reaches the end of one", async () => {
  const seen = new Set<string>();
  let position: TaskListQuery["position"] = { offset: 0 };
  for (let pages = 0; pages < 40; pages++) {
    const page = await list({ sortBy: "updated_at", position });
    for (const { id } of page.tasks) seen.add(id);
    if (page.nextCursor === null) break;
    position = { cursor: page.nextCursor };
  }
  expect(seen.size).toBe(3_000);
});

it("refuses the cursor of another query", async () => {
  const { nextCursor } = await list({ limit: 1 });
  const cursor = nextCursor ?? "";
  expect((await list({ limit: 5, position: { cursor } })).tasks).toHaveLength(5);
  for (const other of [
    { filter: { type: "rare" } },
    { sortOrder: "desc" },
    { sortBy: "updated_at" },
  ] as const) {
    await expect(list({ ...other, position: { cursor } })).rejects.toHaveProperty("code", "invalid_input");
  }
});

import type { Stores, TaskListQuery, TaskPage } from "@workstream/core";
import { claimRequest, complete, newTask, testClock, workerId } from "@workstream/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { openRedisStores } from "./open-redis-stores.ts";
import { freshPrefix, useRedis } from "./redis-test.fixture.ts";

const redis = useRedis();
const count = 5_000;
const clock = testClock();
const base = { sortBy: "created_at", sortOrder: "asc", limit: 100, withBodies: false } as const;
let stores: Stores;
let ids: string[];

/** 5,000 tasks in 500 ms, a tenth of type `rare`; the first 300 completed, the newest of them first. */
beforeAll(async () => {
  stores = await openRedisStores({ url: redis.server.url, prefix: freshPrefix(), now: clock.now });
  const tasks = Array.from({ length: count }, (_, index) => {
    if (index % 10 === 0) clock.advance(1);
    return newTask(stores.tasks.mintId(), {
      type: index % 10 === 3 ? "rare" : "echo",
      content: `text ${index}`,
    });
  });
  await stores.tasks.enqueueBatch(tasks);
  ids = tasks.map(({ id }) => id).sort();
  const claimed = await stores.tasks.claim(claimRequest({ queues: { primary: 300 }, limit: 300 }));
  for (const { id, token } of claimed.reverse()) {
    clock.advance(1);
    await stores.tasks.settle(workerId, [{ id, token, settlement: complete }]);
  }
  return () => stores.close();
}, 60_000);

async function pages(query: Omit<TaskListQuery, "position">): Promise<TaskPage[]> {
  const all: TaskPage[] = [];
  for (let cursor: string | null = null; ; ) {
    const page = await stores.tasks.list({
      ...query,
      position: cursor === null ? { offset: 0 } : { cursor },
    });
    all.push(page);
    cursor = page.nextCursor;
    if (cursor === null) return all;
  }
}

const idsOf = (all: readonly TaskPage[]) => all.flatMap(({ tasks }) => tasks.map(({ id }) => id));

describe("pages by cursor", () => {
  it.each(["asc", "desc"] as const)("give every task once, %s", async (sortOrder) => {
    const all = await pages({ ...base, sortOrder, filter: {} });
    expect(idsOf(all)).toEqual(sortOrder === "asc" ? ids : ids.toReversed());
    expect(new Set(all.map(({ total }) => total))).toEqual(new Set([count]));
  });

  it("stay right when the last task seen is deleted and new ones come", async () => {
    const query = { ...base, limit: 10, sortOrder: "desc", filter: { type: "echo" } } as const;
    const first = await stores.tasks.list({ ...query, position: { offset: 0 } });
    const second = await stores.tasks.list({ ...query, position: { offset: 10 } });
    const extra = stores.tasks.mintId();
    await stores.tasks.enqueue(newTask(extra));
    const last = first.tasks.at(-1)?.id ?? "";
    await stores.tasks.delete(last);
    const next = await stores.tasks.list({ ...query, position: { cursor: first.nextCursor ?? "" } });
    expect(next.tasks).toEqual(second.tasks);
    await stores.tasks.delete(extra);
    await stores.tasks.enqueue(newTask(last, { content: "again" }));
  });

  it("walk on through a filter that few match, and find each once", async () => {
    const all = await pages({ ...base, filter: { type: "rare", state: "PENDING" } });
    expect(idsOf(all)).toHaveLength(count / 10 - 30);
    expect(new Set(idsOf(all)).size).toBe(count / 10 - 30);
    expect(all[0]?.isTotalEstimate).toBe(false);
    const byDate = await pages({ ...base, filter: { state: "PENDING", createdFrom: 0 }, limit: 50 });
    expect(byDate[0]).toMatchObject({ isTotalEstimate: true });
    expect(byDate[0]?.total).toBeLessThan(count - 300);
    expect(new Set(idsOf(byDate)).size).toBe(count - 300);
    expect(idsOf(byDate)).toHaveLength(count - 300);
    expect(byDate.at(-1)).toMatchObject({ isTotalEstimate: false, total: count - 300 });
  });

  it("are refused for another query, or when they are not ours", async () => {
    const { nextCursor } = await stores.tasks.list({ ...base, filter: {}, position: { offset: 0 } });
    const other = { ...base, filter: { type: "echo" } };
    const bad = ["", "x", Buffer.from("[1,2]").toString("base64url"), nextCursor ?? ""];
    for (const cursor of bad) {
      await expect(stores.tasks.list({ ...other, position: { cursor } })).rejects.toMatchObject({
        code: "invalid_input",
      });
    }
  });
});

describe("an id prefix", () => {
  it("is a range of time, and narrows within a millisecond", async () => {
    const id = ids[2_500] ?? "";
    for (const length of [4, 9, 11, 13, 14, 17, 18, 22, 30, 36]) {
      const prefix = id.slice(0, length);
      const expected = ids.filter((other) => other.startsWith(prefix));
      const all = await pages({ ...base, filter: { idPrefix: prefix } });
      expect(idsOf(all)).toEqual(expected);
      expect(all[0]?.total).toBe(expected.length);
    }
  });

  it.each(["zz", "01-9", "0", ""])("%j finds what begins so, or nothing", async (prefix) => {
    const { total } = await stores.tasks.list({
      ...base,
      filter: { idPrefix: prefix },
      position: { offset: 0 },
    });
    expect(total).toBe(ids.filter((id) => id.startsWith(prefix)).length);
  });
});

describe("order and content", () => {
  it("of a state is that of its collection, by rank at any depth", async () => {
    const completed = { ...base, filter: { state: "COMPLETED" }, sortBy: "completed_at", limit: 3 } as const;
    const page = await stores.tasks.list({ ...completed, sortOrder: "desc", position: { offset: 297 } });
    const earliest = await stores.tasks.list({ ...completed, position: { offset: 0 } });
    expect(page.tasks.map(({ id }) => id)).toEqual(earliest.tasks.map(({ id }) => id).reverse());
    expect(page).toMatchObject({ total: 300, nextCursor: null });
  });

  it("sorts the candidates it walked by what has no index", async () => {
    const query = {
      ...base,
      filter: { type: "rare" },
      sortBy: "updated_at",
      sortOrder: "desc",
      limit: 40,
    } as const;
    const all = await pages(query);
    const updated = all.flatMap(({ tasks }) => tasks.map(({ updatedAt }) => updatedAt));
    expect(updated).toEqual(updated.toSorted((a, b) => b - a));
    expect(updated).toHaveLength(count / 10);
  });

  it("brings bodies only when they are wanted", async () => {
    const query = { ...base, filter: { state: "COMPLETED" }, limit: 1, position: { offset: 0 } } as const;
    const [bare] = (await stores.tasks.list(query)).tasks;
    const [whole] = (await stores.tasks.list({ ...query, withBodies: true })).tasks;
    expect(bare).toMatchObject({
      content: null,
      result: null,
      hasResult: true,
      contentLength: whole?.contentLength,
    });
    expect(whole).toMatchObject({
      content: expect.stringMatching(/^text \d+$/),
      result: "done",
      hasResult: true,
    });
  });
});

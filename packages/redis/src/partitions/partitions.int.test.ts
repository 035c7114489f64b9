/** Two partitions on a server each: how claims and settlements are shared, and what happens when one of them is away. */
import type { ClaimedTask, Stores } from "@workstream/core";
import { timeOfTaskId, WorkstreamError } from "@workstream/core";
import {
  claimRequest,
  complete,
  newTask,
  type RedisServer,
  startRedisServer,
  until,
  workerId,
} from "@workstream/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openRedisStores, type RedisStoresOptions } from "../open-redis-stores.ts";
import { freshPrefix } from "../redis-test.fixture.ts";
import { partitionOfId } from "./partition-ids.ts";

const servers: RedisServer[] = [];
const opened: Stores[] = [];
let prefix = "";

beforeAll(async () => {
  // What was answered is in the file, though not on the disk: that outlives the process.
  const config = { appendonly: "yes", appendfsync: "no" };
  servers.push(await startRedisServer({ config }), await startRedisServer({ config }));
});

beforeEach(() => {
  prefix = freshPrefix();
});

afterEach(async () => {
  for (const server of servers) {
    server.resume();
    if (server.pid === 0) await server.restart();
  }
  for (const stores of opened.splice(0)) await stores.close();
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

const urls = () => servers.map(({ url }) => url).join(" ");

async function open(options: Partial<RedisStoresOptions> = {}): Promise<Stores> {
  const stores = await openRedisStores({ url: urls(), prefix, commandTimeoutMs: 1_000, ...options });
  opened.push(stores);
  return stores;
}

const at = (id: string) => partitionOfId(id, 2);
const countAt = (tasks: readonly { id: string }[], index: number) =>
  tasks.filter(({ id }) => at(id) === index).length;
const attempt = ({ id, token }: ClaimedTask) => ({ id, token, settlement: complete });

async function fill({ tasks }: Stores, count: number, group?: string): Promise<string[]> {
  const ids = Array.from({ length: count }, () => tasks.mintId(group));
  for (const id of ids) await tasks.enqueue(newTask(id));
  return ids;
}

/** A name whose ids are of this partition. */
function groupOf({ tasks }: Stores, index: number): string {
  const names = Array.from({ length: 50 }, (_, number) => `group-${number}`);
  return names.find((name) => at(tasks.mintId(name)) === index) ?? "";
}

describe("partitions", () => {
  it("share tasks out evenly, by ids that are UUIDs of their time", async () => {
    const stores = await open();
    const before = Date.now();
    const ids = await fill(stores, 20);
    expect(
      countAt(
        ids.map((id) => ({ id })),
        0,
      ),
    ).toBe(10);
    // The store's clock is known as exactly as a round trip on a busy machine allows.
    for (const id of ids) expect(timeOfTaskId(id)).toBeGreaterThanOrEqual(before - 1_000);
    expect((await stores.tasks.status()).states.PENDING).toBe(20);
    const plain = await openRedisStores({ url: servers[1]?.url ?? "", prefix: `${prefix}p1:` }).catch(
      (error) => error,
    );
    expect(plain).toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("REDIS_PARTITIONS=2"),
    });
  });

  it("are claimed from in turn, and an empty one leaves its slots to the other", async () => {
    const stores = await open();
    await fill(stores, 40, groupOf(stores, 0));
    const alone = await stores.tasks.claim(claimRequest({ queues: { primary: 20 }, limit: 20 }));
    expect(countAt(alone, 0)).toBe(20);
    await fill(stores, 200, groupOf(stores, 1));
    await fill(stores, 200, groupOf(stores, 0));
    const taken: ClaimedTask[] = [];
    let running = alone;
    for (let round = 0; round < 12; round++) {
      const { outcomes, claimed } = await stores.tasks.settle(
        workerId,
        running.map(attempt),
        claimRequest({ queues: { primary: 20 }, limit: 20 }),
      );
      expect(new Set(outcomes)).toEqual(new Set(["settled"]));
      expect(claimed).toHaveLength(20);
      running = claimed;
      if (round > 1) taken.push(...claimed);
    }
    expect(countAt(taken, 0)).toBeGreaterThanOrEqual(80);
    expect(countAt(taken, 1)).toBeGreaterThanOrEqual(80);
  });

  it("settle a batch of tasks of both, with outcomes in its order", async () => {
    const stores = await open();
    await fill(stores, 6);
    const claimed = await stores.tasks.claim(claimRequest());
    const unknown = { id: stores.tasks.mintId(), token: "1", settlement: complete };
    const { outcomes } = await stores.tasks.settle(workerId, [...claimed.map(attempt), unknown]);
    expect(outcomes).toEqual([...Array(6).fill("settled"), "not_found"]);
  });

  it.each([0, 1])("wake an idle worker from partition %i at once", async (index) => {
    const stores = await open();
    const group = groupOf(stores, index);
    const wait = stores.tasks.waitForWork(["primary"], 2_000, new AbortController().signal);
    const startedAt = performance.now();
    await fill(stores, 1, group);
    await wait;
    expect(await stores.tasks.claim(claimRequest())).toHaveLength(1);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it("lose no token that came while nobody listened", async () => {
    const stores = await open();
    for (let round = 0; round < 6; round++) {
      const wait = stores.tasks.waitForWork(["primary"], 2_000, new AbortController().signal);
      await fill(stores, 1, groupOf(stores, round % 2));
      await wait;
      const startedAt = performance.now();
      const [task] = await stores.tasks.claim(claimRequest());
      expect(task && at(task.id)).toBe(round % 2);
      expect(performance.now() - startedAt).toBeLessThan(1_500);
    }
  });

  it("keep an idempotency key exact, wherever its task's id points", async () => {
    const stores = await open();
    const idempotency = { key: "order-1", fingerprint: "f" };
    const enqueue = () => stores.tasks.enqueue(newTask(stores.tasks.mintId(), { idempotency }));
    const outcomes = await Promise.all(Array.from({ length: 10 }, enqueue));
    expect(outcomes.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1);
    expect((await stores.tasks.get(outcomes[0]?.id ?? ""))?.state).toBe("PENDING");
  });

  it("accept a batch with keys of both partitions whole or not at all", async () => {
    const stores = await open();
    const items = (print: string) =>
      Array.from({ length: 8 }, (_, number) =>
        newTask(stores.tasks.mintId(), { idempotency: { key: `item-${number}`, fingerprint: print } }),
      );
    const created = await stores.tasks.enqueueBatch(items("a"));
    expect(new Set(created.map(({ outcome }) => outcome))).toEqual(new Set(["created"]));
    expect(new Set(created.map(({ id }) => stores.tasks.get(id))).size).toBe(8);
    const [first] = items("a");
    const mixed = [
      ...items("a").slice(1),
      { ...newTask(stores.tasks.mintId()), idempotency: { key: "item-0", fingerprint: "b" } },
    ];
    const refused = await stores.tasks.enqueueBatch([newTask(first?.id ?? ""), ...mixed]);
    expect(refused.filter(({ outcome }) => outcome === "conflict")).toHaveLength(1);
    expect(refused.some(({ outcome }) => outcome === "created")).toBe(false);
    expect((await stores.tasks.status()).states.PENDING).toBe(8);
  });

  it("page through many tasks by offset as one store does", async () => {
    const clock = { now: Date.now() };
    const stores = await open({ now: () => clock.now });
    const ids: string[] = [];
    for (let batch = 0; batch < 30; batch++) {
      clock.now += 1 + (batch % 3);
      const group = `batch-${batch}`;
      const tasks = Array.from({ length: 40 }, () => newTask(stores.tasks.mintId(group)));
      ids.push(...(await stores.tasks.enqueueBatch(tasks)).map(({ id }) => id));
    }
    const query = { filter: {}, sortBy: "created_at", limit: 7, withBodies: false } as const;
    for (const sortOrder of ["asc", "desc"] as const) {
      const inOrder = sortOrder === "asc" ? ids.toSorted() : ids.toSorted().reverse();
      for (const offset of [0, 13, 499, 501, 777, 1_193]) {
        const page = await stores.tasks.list({ ...query, sortOrder, position: { offset } });
        expect(page.total).toBe(1_200);
        expect(page.tasks.map(({ id }) => id)).toEqual(inOrder.slice(offset, offset + 7));
        if (page.nextCursor === null) continue;
        const next = await stores.tasks.list({ ...query, sortOrder, position: { cursor: page.nextCursor } });
        expect(next.tasks.map(({ id }) => id)).toEqual(inOrder.slice(offset + 7, offset + 14));
      }
    }
  });

  it("tell counts of both with every change", async () => {
    const stores = await open();
    await fill(stores, 4);
    const pending: number[] = [];
    const feed = await stores.events.subscribe({
      onEvents: ({ status }) => pending.push(status.states.PENDING),
      onGap() {},
    });
    await fill(stores, 2);
    await until("both changes", () => pending.length >= 2);
    await feed.close();
    expect(pending).toEqual([5, 6]);
  });
});

describe("another number of partitions", () => {
  it("takes over a store of one, with its tasks and its keys", async () => {
    const [url = ""] = urls().split(" ");
    const before = await open({ url });
    const idempotency = { key: "old", fingerprint: "f" };
    const keyed = newTask(before.tasks.mintId(), { idempotency });
    await before.tasks.enqueue(keyed);
    const ids = [keyed.id, ...(await fill(before, 300))];
    const after = await open();
    for (const id of ids.slice(0, 20)) expect((await after.tasks.get(id))?.id).toBe(id);
    for (const key of ["old", "old"]) {
      const again = newTask(after.tasks.mintId(), { idempotency: { key, fingerprint: "f" } });
      expect(await after.tasks.enqueue(again)).toEqual({ outcome: "exists", id: keyed.id });
    }
    expect(await after.tasks.cancel(ids[299] ?? "", "test")).toMatchObject({ outcome: "done" });
    const claimed = await after.tasks.claim(claimRequest({ queues: { primary: 400 }, limit: 400 }));
    expect(claimed).toHaveLength(300);
    const { outcomes } = await after.tasks.settle(workerId, claimed.map(attempt));
    expect(outcomes.every((outcome) => outcome === "settled")).toBe(true);
  });

  it("is refused when it is smaller, or the servers changed places", async () => {
    await open({ partitions: 4 });
    await expect(open()).rejects.toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("=4"),
    });
    const swapped = open({ url: urls().split(" ").reverse().join(" "), partitions: 4 });
    await expect(swapped).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("a partition that is away", () => {
  it("keeps nobody else waiting, and goes on when it is back, with nothing lost", async () => {
    const stores = await open();
    const [here, there] = [groupOf(stores, 0), groupOf(stores, 1)];
    await fill(stores, 5, here);
    await fill(stores, 5, there);
    const running = await stores.tasks.claim(claimRequest({ queues: { primary: 10 }, limit: 10 }));
    expect(running).toHaveLength(10);
    await fill(stores, 4, there);
    await servers[1]?.kill();
    await fill(stores, 3, here);
    const { outcomes, claimed } = await stores.tasks.settle(workerId, running.map(attempt), claimRequest());
    expect(running.map(({ id }, index) => `${at(id)} ${outcomes[index]}`).sort()).toEqual([
      ...Array(5).fill("0 settled"),
      ...Array(5).fill("1 unanswered"),
    ]);
    expect(claimed).toHaveLength(3);
    await fill(stores, 1, here);
    await stores.tasks.waitForWork(["primary"], 500, new AbortController().signal);
    expect(await stores.tasks.claim(claimRequest())).toHaveLength(1);
    expect(await stores.probe.check()).toMatchObject({
      isConnected: false,
      warnings: [expect.stringContaining("Partition 2 of 2")],
    });
    await expect(stores.tasks.enqueue(newTask(stores.tasks.mintId(there)))).rejects.toMatchObject({
      code: "store_unavailable",
    });
    await servers[1]?.restart();
    const away = running.filter(({ id }) => at(id) === 1);
    const again = await until(
      "the settlements",
      async () => stores.tasks.settle(workerId, away.map(attempt)).catch(() => null),
      { timeoutMs: 10_000 },
    );
    expect(new Set(again?.outcomes)).toEqual(new Set(["settled"]));
    const rest = await until("its tasks", async () => {
      const found = await stores.tasks.claim(claimRequest());
      return found.length > 0 ? found : null;
    });
    expect(rest).toHaveLength(4);
    expect((await stores.tasks.status()).states).toMatchObject({ COMPLETED: 10, ACTIVE: 8, PENDING: 0 });
  });

  it("keeps what a settlement claimed elsewhere, though all that it settles is there", async () => {
    const stores = await open();
    const [here, there] = [groupOf(stores, 0), groupOf(stores, 1)];
    await fill(stores, 8, there);
    const running = await stores.tasks.claim(claimRequest({ queues: { primary: 4 }, limit: 4 }));
    expect(countAt(running, 1)).toBe(4);
    await servers[1]?.kill();
    const unanswered = Array(4).fill("unanswered");
    await fill(stores, 3, here);
    // It gave all that it was asked for, so it is asked first again.
    const first = await stores.tasks.settle(workerId, running.map(attempt), claimRequest());
    expect(first).toMatchObject({ outcomes: unanswered, claimed: [{}, {}, {}] });
    const second = await stores.tasks.settle(workerId, running.map(attempt), claimRequest());
    expect(second).toEqual({ outcomes: unanswered, claimed: [] });
    await servers[0]?.kill();
    const nobody = stores.tasks.settle(workerId, running.map(attempt), claimRequest());
    await expect(nobody).rejects.toBeInstanceOf(WorkstreamError);
  });

  it("holds up a claim together with others for some seconds at most", async () => {
    const stores = await open({ partitions: 8, commandTimeoutMs: 1_500 });
    for (const server of servers) server.pause();
    const startedAt = performance.now();
    await expect(stores.tasks.claim(claimRequest())).rejects.toMatchObject({ code: "outcome_unknown" });
    expect(performance.now() - startedAt).toBeLessThan(4_000 + 2 * 1_500);
    // Those that were not asked are asked by the next.
    for (const server of servers) server.resume();
    await until("all servers", () => stores.tasks.status().catch(() => null), { timeoutMs: 10_000 });
    await fill(stores, 8);
    const taken: ClaimedTask[] = [];
    await until(
      "all of them",
      async () => {
        taken.push(...(await stores.tasks.claim(claimRequest()).catch(() => [])));
        return taken.length >= 8;
      },
      { timeoutMs: 10_000 },
    );
    expect(new Set(taken.map(({ id }) => id)).size).toBe(8);
  });

  it("has its revocations heard when it is back", async () => {
    const stores = await open();
    const groups = [groupOf(stores, 0), groupOf(stores, 1)];
    const heard: string[] = [];
    const listen = () => stores.workers.onRevoked(workerId, (ids) => heard.push(...ids));
    await servers[1]?.kill();
    await expect(listen()).rejects.toMatchObject({ code: "store_unavailable" });
    await servers[1]?.restart();
    const close = await until("the subscription", () => listen().catch(() => null), { timeoutMs: 10_000 });
    for (const group of groups) await until("a task", () => fill(stores, 1, group).catch(() => null));
    const running: ClaimedTask[] = [];
    await until("one of each", async () => {
      running.push(...(await stores.tasks.claim(claimRequest())));
      return new Set(running.map(({ id }) => at(id))).size === 2;
    });
    for (const { id } of running) await stores.tasks.cancel(id, "test");
    await until("every revocation", () => heard.length >= running.length);
    await close();
    expect(heard.toSorted()).toEqual(running.map(({ id }) => id).toSorted());
  });

  it("hands back what a claim took whose answer was lost, before it gives more", async () => {
    const stores = await open();
    await fill(stores, 6);
    servers[1]?.pause();
    const first = await stores.tasks.claim(claimRequest({ queues: { primary: 6 }, limit: 6 }));
    expect(countAt(first, 0)).toBe(3);
    expect(countAt(first, 1)).toBe(0);
    // It has given the frozen one up, whose claim is still under way.
    servers[1]?.resume();
    await until(
      "the lost claim to take effect",
      () =>
        stores.tasks.status().then(
          ({ states }) => states.ACTIVE === 6,
          () => false,
        ),
      { timeoutMs: 10_000 },
    );
    const second = await until(
      "the others",
      async () => {
        const found = await stores.tasks.claim(claimRequest({ queues: { primary: 6 }, limit: 6 }));
        return found.length > 0 ? found : null;
      },
      { timeoutMs: 10_000 },
    );
    expect(countAt(second ?? [], 1)).toBe(3);
  });
});

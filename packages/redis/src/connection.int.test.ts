import { isErrorCode, type Stores } from "@workstream/core";
import {
  claimRequest,
  complete,
  type FaultProxy,
  freePort,
  newTask,
  startFaultProxy,
  startRedisServer,
  until,
  workerId,
} from "@workstream/testing";
import { Redis } from "ioredis";
import { beforeEach, describe, expect, it } from "vitest";
import { openRedisStores } from "./open-redis-stores.ts";
import { freshPrefix, useRedis } from "./redis-test.fixture.ts";

const redis = useRedis();

/** Until the store answers again. */
async function recovered(stores: Stores): Promise<void> {
  await until("the store to answer", () => stores.tasks.status().catch(() => null), { timeoutMs: 10_000 });
}

describe("opening", () => {
  it("fails in one clear sentence when nobody listens", async () => {
    const url = `redis://:s3cret@127.0.0.1:${await freePort()}`;
    const startedAt = performance.now();
    const error = await openRedisStores({ url, connectTimeoutMs: 500 }).catch((reason: unknown) => reason);
    expect(isErrorCode(error, "store_unavailable")).toBe(true);
    expect(String(error)).toMatch(/Redis can't be reached at 127\.0\.0\.1:\d+: connect ECONNREFUSED/);
    expect(String(error)).not.toContain("s3cret");
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it.each([
    ["a password is missing", "sesame", "", "refuses the login"],
    ["there is no such database", "", "/99", "has no such database"],
  ])("says that %s", async (_, password, path, reason) => {
    const server = await startRedisServer();
    const admin = new Redis(server.url);
    try {
      await admin.config("SET", "requirepass", password);
      const opening = openRedisStores({ url: server.url + path, connectTimeoutMs: 1_000 });
      await expect(opening).rejects.toThrow(`${reason}: check`);
    } finally {
      admin.disconnect();
      await server.stop();
    }
  });

  it("fails in time when the server is frozen", async () => {
    redis.server.pause();
    const opening = openRedisStores({ url: redis.server.url, connectTimeoutMs: 300 });
    await expect(opening).rejects.toMatchObject({ code: "store_unavailable" });
  });

  it.each(["http://localhost", "redis://a:1,b:2", "redis://host:port", ""])(
    "refuses the URL %j",
    async (url) => {
      await expect(openRedisStores({ url })).rejects.toMatchObject({ code: "invalid_input" });
    },
  );
});

describe("an outage", () => {
  it.each([
    ["every connection is killed", () => redis.raw.call("CLIENT", "KILL", "TYPE", "normal")],
    ["the server restarts", () => redis.server.restart()],
  ])("is survived when %s", async (_, harm) => {
    const stores = await redis.open();
    await stores.tasks.enqueue(newTask(stores.tasks.mintId()));
    await Promise.resolve(harm()).catch(() => {});
    await recovered(stores);
    const id = stores.tasks.mintId();
    expect(await stores.tasks.enqueue(newTask(id))).toEqual({ outcome: "created", id, state: "PENDING" });
  });

  it("is told at once while the server is down", async () => {
    const stores = await redis.open();
    await redis.server.kill();
    await until("the loss to be noticed", () =>
      stores.tasks.status().then(
        () => false,
        (error: unknown) => isErrorCode(error, "store_unavailable"),
      ),
    );
    await expect(stores.tasks.enqueue(newTask(stores.tasks.mintId()))).rejects.toMatchObject({
      code: "store_unavailable",
    });
    await redis.server.restart();
    await recovered(stores);
  });

  it("of a server that is frozen ends by itself", async () => {
    const stores = await redis.open({ commandTimeoutMs: 300 });
    redis.server.pause();
    await expect(stores.tasks.claim(claimRequest())).rejects.toMatchObject({ code: "outcome_unknown" });
    await expect(stores.tasks.status()).rejects.toMatchObject({ code: "store_unavailable" });
    redis.server.resume();
    await recovered(stores);
  });
});

describe("through a faulty network", () => {
  let proxy: FaultProxy;
  let stores: Stores;

  beforeEach(async () => {
    proxy = await startFaultProxy({ targetPort: redis.server.port });
    stores = await redis.open({ url: proxy.url, prefix: freshPrefix() });
    // The server learns the scripts, so that it is not the answer "unknown script" that gets lost.
    await stores.tasks.delete((await stores.tasks.enqueue(newTask(stores.tasks.mintId()))).id);
    await stores.tasks.claim(claimRequest());
    return () => proxy.close();
  });

  it("a lost reply is an unknown outcome that names the task, and a repeat finds it", async () => {
    const id = stores.tasks.mintId();
    proxy.setFaults({ cutReply: 1 });
    await expect(stores.tasks.enqueue(newTask(id))).rejects.toMatchObject({
      code: "outcome_unknown",
      details: { task_id: id },
    });
    proxy.setFaults({});
    await recovered(stores);
    expect(await stores.tasks.enqueue(newTask(id))).toEqual({ outcome: "exists", id });
    expect((await stores.tasks.status()).states.PENDING).toBe(1);
  });

  it("a lost claim is handed back by recover, with no attempt used up", async () => {
    const { tasks } = stores;
    await tasks.enqueueBatch(Array.from({ length: 3 }, () => newTask(tasks.mintId())));
    proxy.setFaults({ cutReply: 1 });
    await expect(tasks.claim(claimRequest())).rejects.toMatchObject({ code: "outcome_unknown" });
    proxy.setFaults({});
    await recovered(stores);
    expect((await tasks.status()).states.ACTIVE).toBe(3);
    expect(await tasks.recover(workerId, [])).toBe(3);
    expect((await tasks.claim(claimRequest())).map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
  });

  it("a lost settlement is answered again", async () => {
    const { tasks } = stores;
    await tasks.enqueue(newTask(tasks.mintId()));
    const [claimed] = await tasks.claim(claimRequest());
    const attempt = { id: claimed?.id ?? "", token: claimed?.token ?? "", settlement: complete };
    proxy.setFaults({ cutReply: 1 });
    await expect(tasks.settle(workerId, [attempt])).rejects.toMatchObject({ code: "outcome_unknown" });
    proxy.setFaults({});
    await recovered(stores);
    expect((await tasks.settle(workerId, [attempt])).outcomes).toEqual(["settled"]);
    expect((await stores.metrics.throughput(2)).reduce((sum, { completed }) => sum + completed, 0)).toBe(1);
  });

  it("a connection that is silent but open is replaced", async () => {
    stores = await redis.open({ url: proxy.url, prefix: freshPrefix(), commandTimeoutMs: 500 });
    proxy.setFaults({ isFrozen: true });
    await expect(stores.tasks.status()).rejects.toMatchObject({ code: "store_unavailable" });
    const before = proxy.stats.connections;
    proxy.setFaults({});
    await recovered(stores);
    expect(proxy.stats.connections).toBeGreaterThanOrEqual(before);
    const stats = await stores.probe.connectionStats();
    expect(stats).toMatchObject({ status: "ready" });
    expect(Number(stats.main_timeouts)).toBeGreaterThan(0);
  });

  it("a subscriber that lost its connection hears of the gap, and then of changes again", async () => {
    const heard: string[] = [];
    const feed = await stores.events.subscribe({
      onEvents: ({ changes }) => heard.push(...changes.map(({ id }) => id)),
      onGap: () => heard.push("gap"),
    });
    proxy.killConnections();
    await until("the gap", () => heard.includes("gap"));
    await recovered(stores);
    const id = stores.tasks.mintId();
    await stores.tasks.enqueue(newTask(id));
    await until("the change", () => heard.at(-1) === id);
    await feed.close();
  });

  it("loses and doubles nothing in a storm of cut requests and replies", async () => {
    const { tasks } = stores;
    const ids = Array.from({ length: 60 }, () => tasks.mintId());
    proxy.setFaults({ cutReply: 0.1, cutRequest: 0.1 });
    const again = async <T>(act: () => Promise<T>): Promise<T> =>
      until(
        "an answer",
        () =>
          act().then(
            (value) => ({ value }),
            () => null,
          ),
        { timeoutMs: 20_000 },
      ).then(({ value }) => value);
    for (const id of ids) await again(() => tasks.enqueue(newTask(id)));
    for (let settled = 0; settled < ids.length; ) {
      await again(() => tasks.recover(workerId, []));
      const claimed = await again(() =>
        tasks.claim(claimRequest()).catch(async (error: unknown) => {
          await again(() => tasks.recover(workerId, []));
          throw error;
        }),
      );
      const attempts = claimed.map(({ id, token }) => ({ id, token, settlement: complete }));
      const { outcomes } = await again(() => tasks.settle(workerId, attempts));
      settled += outcomes.filter((outcome) => outcome === "settled").length;
    }
    proxy.setFaults({});
    await recovered(stores);
    const { states } = await tasks.status();
    expect(states).toMatchObject({ COMPLETED: ids.length, PENDING: 0, ACTIVE: 0 });
    const [minute] = (await stores.metrics.throughput(5)).filter(({ completed }) => completed > 0);
    expect(minute?.completed).toBeLessThanOrEqual(ids.length);
    expect(proxy.stats.cutReplies + proxy.stats.cutRequests).toBeGreaterThan(0);
  });
});

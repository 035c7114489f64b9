import type { Priority, Stores } from "@workstream/core";
import { claimRequest, newTask, startFaultProxy, until, workerId } from "@workstream/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { type RedisKeys, redisKeys } from "./keys.ts";
import { freshPrefix, useRedis } from "./redis-test.fixture.ts";

const redis = useRedis();
const never = new AbortController().signal;

describe("a claim that waits", () => {
  let keys: RedisKeys;
  let stores: Stores;

  beforeEach(async () => {
    const prefix = freshPrefix();
    keys = redisKeys(prefix);
    stores = await redis.open({ prefix });
  });

  const enqueue = async (queue = "primary", priority: Priority = "normal") => {
    const task = newTask(stores.tasks.mintId(), { queue, priority });
    await stores.tasks.enqueue(task);
    return task.id;
  };
  /** Work that no token tells of. */
  const enqueueSilently = async () => {
    const id = await enqueue();
    await redis.raw.del(keys.wakeup);
    return id;
  };
  const wait = (timeoutMs: number, signal = never, request = claimRequest()) =>
    stores.tasks.claimAfterWait(request, timeoutMs, signal).then((claimed) => claimed.map(({ id }) => id));
  const blocked = (count = 1) =>
    until(`${count} blocked`, async () =>
      (await redis.raw.info("clients")).includes(`blocked_clients:${count}`),
    );

  async function timed<T>(waiting: Promise<T>): Promise<{ answer: T; ms: number }> {
    const startedAt = performance.now();
    return { answer: await waiting, ms: performance.now() - startedAt };
  }

  it("takes the task that a token tells of", async () => {
    const waiting = wait(2_000);
    await blocked();
    const id = await enqueue();
    const { answer, ms } = await timed(waiting);
    expect(answer).toEqual([id]);
    expect(ms).toBeLessThan(1_000);
    expect((await stores.tasks.get(id))?.state).toBe("ACTIVE");
  });

  it("waits for the high lane alone when it is for that", async () => {
    const waiting = wait(2_000, never, claimRequest({ lane: "high" }));
    await blocked();
    await enqueue();
    const id = await enqueue("primary", "high");
    const { answer, ms } = await timed(waiting);
    expect(answer).toEqual([id]);
    expect(ms).toBeLessThan(1_000);
    expect(await redis.raw.exists(keys.wakeupOf("primary", "high"))).toBe(0);
    expect(await redis.raw.lrange(keys.wakeup, 0, -1)).toEqual(["1"]);
  });

  it("claims when its time is over, too", async () => {
    const id = await enqueueSilently();
    const { answer, ms } = await timed(wait(200));
    expect(answer).toEqual([id]);
    expect(ms).toBeGreaterThan(190);
    expect((await timed(wait(100))).answer).toEqual([]);
  });

  it("claims at once when its wait is ended, before or meanwhile", async () => {
    const first = await enqueueSilently();
    expect(await wait(2_000, AbortSignal.abort())).toEqual([first]);
    const second = await enqueueSilently();
    const meanwhile = new AbortController();
    const waiting = wait(2_000, meanwhile.signal);
    await blocked();
    meanwhile.abort();
    const { answer, ms } = await timed(waiting);
    expect(answer).toEqual([second]);
    expect(ms).toBeLessThan(1_000);
  });

  it("is ended although its BLPOP is still on its way", async () => {
    for (let round = 0; round < 5; round += 1) {
      const soon = new AbortController();
      const waiting = wait(2_000, soon.signal);
      setImmediate(() => soon.abort());
      expect((await timed(waiting)).ms).toBeLessThan(1_000);
    }
  });

  it("serves the queues that it asks, and no token of others is taken", async () => {
    const waiting = wait(2_000, never, claimRequest({ queues: { mail: 3 } }));
    await blocked();
    await enqueue("primary");
    const id = await enqueue("mail");
    expect(await waiting).toEqual([id]);
    expect(await redis.raw.llen(keys.wakeup)).toBe(1);
  });

  it("gives one task to one of those who wait", async () => {
    const ends = new AbortController();
    const waits = ["a", "b"].map((name) =>
      wait(2_000, ends.signal, claimRequest({ workerId: `host-${name}` })),
    );
    await blocked(2);
    const id = await enqueue();
    expect(await Promise.race(waits)).toEqual([id]);
    ends.abort();
    expect((await Promise.all(waits)).flat()).toEqual([id]);
    const stats = await stores.probe.connectionStats();
    expect(Object.keys(stats).filter((name) => /^wait\d+_status$/.test(name)).length).toBe(2);
  });

  it("is ended although the connection by which that is asked for is down at first", async () => {
    const ends = new AbortController();
    const waiting = wait(2_000, ends.signal);
    await blocked();
    const clients = String(await redis.raw.client("LIST"));
    for (const [, id] of clients.matchAll(/^id=(\d+) .* name=workstream:main /gm)) {
      await redis.raw.client("KILL", "ID", Number(id));
    }
    await until("the end of a connection", async () => {
      const stats = await stores.probe.connectionStats();
      return stats.main_status !== "ready";
    });
    ends.abort();
    expect((await timed(waiting)).ms).toBeLessThan(1_000);
  });

  it("goes to who waits for anything, not to who waits for the high lane alone", async () => {
    for (let round = 0; round < 10; round += 1) {
      const ends = new AbortController();
      const request = (name: string) => claimRequest({ workerId: `host-${name}` });
      const forHigh = wait(2_000, ends.signal, { ...request("busy"), lane: "high" });
      await blocked(1);
      const forAny = wait(2_000, ends.signal, request("idle"));
      await blocked(2);
      const id = await enqueue("primary", "high");
      expect(await forAny).toEqual([id]);
      ends.abort();
      expect(await forHigh).toEqual([]);
    }
  });

  it("works on a server that does not know the script any more", async () => {
    await redis.raw.script("FLUSH");
    const waiting = wait(2_000);
    await blocked();
    const id = await enqueue();
    expect(await waiting).toEqual([id]);
  });

  it("has an unknown outcome when its connection is cut, and took nothing", async () => {
    const waiting = wait(2_000);
    const refused = expect(waiting).rejects.toMatchObject({ code: "outcome_unknown" });
    await blocked();
    const clients = String(await redis.raw.client("LIST"));
    const [, id] = /^id=(\d+) .* name=workstream:wait .*cmd=blpop/m.exec(clients) ?? [];
    await redis.raw.client("KILL", "ID", Number(id));
    await refused;
    const task = await enqueue();
    expect(await stores.tasks.recover(workerId, [])).toBe(0);
    expect((await stores.tasks.get(task))?.state).toBe("PENDING");
    expect(await wait(2_000)).toEqual([task]);
  });

  it("has an unknown outcome when the long text of what it took can't be fetched", async () => {
    const proxy = await startFaultProxy({ targetPort: redis.server.port });
    const far = await redis.open({ prefix: keys.prefix, url: proxy.url });
    const waiting = far.tasks.claimAfterWait(claimRequest(), 2_000, never);
    const refused = expect(waiting).rejects.toMatchObject({
      code: "outcome_unknown",
      cause: { code: "store_unavailable" },
    });
    await blocked();
    // The connection that waits stays; the main one is cut, and can't come back.
    proxy.setFaults({ isRefusing: true });
    const clients = String(await redis.raw.client("LIST"));
    for (const [, id] of clients.matchAll(/^id=(\d+) .* name=workstream:main /gm)) {
      await redis.raw.client("KILL", "ID", Number(id));
    }
    const task = newTask(stores.tasks.mintId(), { content: "x".repeat(100_000) });
    await until("the near one", () => stores.tasks.enqueue(task).catch(() => null));
    await refused;
    expect((await stores.tasks.get(task.id))?.state).toBe("ACTIVE");
    expect(await stores.tasks.recover(workerId, [])).toBe(1);
    await proxy.close();
  });

  it("ends shortly after its time on a frozen server", async () => {
    await wait(10);
    redis.server.pause();
    const startedAt = performance.now();
    await expect(wait(300)).rejects.toMatchObject({ code: "outcome_unknown" });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    redis.server.resume();
    await until("a claim that works", () =>
      wait(10).then(
        () => true,
        () => false,
      ),
    );
  });
});

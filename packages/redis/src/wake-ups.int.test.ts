import type { Stores } from "@workstream/core";
import { claimRequest, newTask, startFaultProxy, until } from "@workstream/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { redisKeys } from "./keys.ts";
import { freshPrefix, useRedis } from "./redis-test.fixture.ts";

const redis = useRedis();
const never = new AbortController().signal;

async function elapsedMs(act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await act().catch(() => {});
  return performance.now() - startedAt;
}

describe("waiting for work", () => {
  const prefix = freshPrefix();
  const keys = redisKeys(prefix);
  let stores: Stores;

  beforeEach(async () => {
    stores = await redis.open({ prefix });
    await redis.raw.del(keys.wakeup, keys.wakeupOf("mail"));
  });

  const blocked = () =>
    until("a blocked connection", async () => /blocked_clients:[1-9]/.test(await redis.raw.info("clients")));

  it("ends shortly after its time on a frozen server, with store_unavailable", async () => {
    await stores.tasks.waitForWork(["primary"], 10, never);
    redis.server.pause();
    const startedAt = performance.now();
    await expect(stores.tasks.waitForWork(["primary"], 300, never)).rejects.toMatchObject({
      code: "store_unavailable",
    });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    redis.server.resume();
    await until("a wait that works", () =>
      stores.tasks.waitForWork(["primary"], 10, never).then(
        () => true,
        () => false,
      ),
    );
  });

  it("ends at once when aborted, and the token that comes then is not lost", async () => {
    const abort = new AbortController();
    const waiting = stores.tasks.waitForWork(["primary"], 2_000, abort.signal);
    await blocked();
    abort.abort();
    expect(await elapsedMs(() => waiting)).toBeLessThan(1_000);
    await stores.tasks.enqueue(newTask(stores.tasks.mintId()));
    await until("the token to be back", async () => (await redis.raw.llen(keys.wakeup)) === 1);
  });

  it("goes on with a wait that was aborted, on the same connection", async () => {
    const abort = new AbortController();
    const first = stores.tasks.waitForWork(["primary"], 2_000, abort.signal);
    await blocked();
    abort.abort();
    await first;
    const second = stores.tasks.waitForWork(["primary"], 2_000, never);
    await stores.tasks.enqueue(newTask(stores.tasks.mintId()));
    expect(await elapsedMs(() => second)).toBeLessThan(1_000);
    expect(
      Object.keys(await stores.probe.connectionStats()).filter((name) => /^wait\d+_status$/.test(name)),
    ).toEqual(["wait1_status"]);
  });

  it("lets two wait for different queues at the same time", async () => {
    const primary = stores.tasks.waitForWork(["primary"], 2_000, never);
    const mail = stores.tasks.waitForWork(["mail"], 2_000, never);
    await until("two blocked connections", async () =>
      /blocked_clients:2/.test(await redis.raw.info("clients")),
    );
    await stores.tasks.enqueue(newTask(stores.tasks.mintId(), { queue: "mail" }));
    expect(await elapsedMs(() => mail)).toBeLessThan(1_000);
    await stores.tasks.enqueue(newTask(stores.tasks.mintId()));
    expect(await elapsedMs(() => primary)).toBeLessThan(1_000);
  });

  it("may be shorter than its connection takes to be ready", async () => {
    const proxy = await startFaultProxy({ targetPort: redis.server.port });
    proxy.setFaults({ delayMs: 30 });
    await until("short waits on new connections", async () => {
      const far = await redis.open({ url: proxy.url });
      await far.tasks.waitForWork(["primary"], 10, never);
      return (await far.tasks.claimAfterWait(claimRequest(), 10, never)).length === 0;
    });
    await proxy.close();
  });

  it("does nothing for a signal that came before it, or for no time", async () => {
    expect(
      await elapsedMs(() => stores.tasks.waitForWork(["primary"], 2_000, AbortSignal.abort())),
    ).toBeLessThan(1_000);
    expect(await elapsedMs(() => stores.tasks.waitForWork(["primary"], 0, never))).toBeLessThan(100);
  });
});

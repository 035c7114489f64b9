import { randomUUID } from "node:crypto";
import { type NewTask, WorkstreamError } from "@workstream/core";
import { claimRequest, newTask, startFaultProxy, until } from "@workstream/testing";
import { describe, expect, it } from "vitest";
import { firstPart, intakeRecord } from "./intake-record.ts";
import { redisKeys } from "./keys.ts";
import { openLink } from "./open-link.ts";
import { freshPrefix, useRedis } from "./redis-test.fixture.ts";

const redis = useRedis({ config: { "slowlog-log-slower-than": "100", "slowlog-max-len": "5000" } });

type SlowEntry = [id: number, at: number, micros: number, command: string[]];

describe("a batch of 10,000", () => {
  it.each([
    ["at once", () => ({}), 39],
    ["staged", (n: number) => ({ idempotency: { key: `k${n}`, fingerprint: "f" } }), 2 * 39],
  ])(
    "%s, holds Redis for no more than 8 ms at a time, and is there in order",
    async (_, more, scriptCount) => {
      const stores = await redis.open({ prefix: freshPrefix() });
      const tasks = Array.from({ length: 10_000 }, (_, n) => newTask(stores.tasks.mintId(), more(n)));
      await stores.tasks.enqueueBatch(tasks.slice(0, 300));
      await redis.raw.slowlog("RESET");
      const outcomes = await stores.tasks.enqueueBatch(tasks.slice(300));
      const slow = (await redis.raw.slowlog("GET", 5_000)) as SlowEntry[];
      const scripts = slow
        .filter(([, , , command]) => /^evalsha$/i.test(command[0] ?? ""))
        .map(([, , micros]) => micros);
      expect(outcomes.every(({ outcome }) => outcome === "created")).toBe(true);
      expect(scripts.length).toBeGreaterThanOrEqual(scriptCount - 1);
      // The median: on a crowded machine single scripts wait for a processor, and that counts as their time.
      expect(scripts.toSorted((a, b) => a - b)[scripts.length >> 1]).toBeLessThan(8_000);
      expect((await stores.tasks.status()).states.PENDING).toBe(10_000);
      expect(await stores.tasks.queueTaskIds("primary", 10_000)).toEqual(tasks.map(({ id }) => id));
    },
  );

  it("leaves nothing behind when one of its tasks conflicts", async () => {
    const prefix = freshPrefix();
    const stores = await redis.open({ prefix });
    const withKey = (key: string, fingerprint: string): NewTask =>
      newTask(stores.tasks.mintId(), { idempotency: { key, fingerprint } });
    await stores.tasks.enqueue(withKey("taken", "one"));
    const tasks = Array.from({ length: 600 }, (_, index) => withKey(`key-${index}`, "f"));
    const outcomes = await stores.tasks.enqueueBatch([...tasks, withKey("taken", "other")]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([...tasks.map(() => "refused"), "conflict"]);
    expect((await stores.tasks.status()).states.PENDING).toBe(1);
    expect(await redis.raw.keys(`${prefix}batch:*`)).toEqual([]);
    const again = await stores.tasks.enqueueBatch(tasks);
    expect(again.every(({ outcome }) => outcome === "created")).toBe(true);
  });

  it("displaces a batch that reserved the same key and did not commit", async () => {
    const prefix = freshPrefix();
    const stores = await redis.open({ prefix });
    const staged = await stage(prefix, [
      newTask(stores.tasks.mintId(), { idempotency: { key: "k", fingerprint: "f" } }),
    ]);
    const id = stores.tasks.mintId();
    expect(
      await stores.tasks.enqueue(newTask(id, { idempotency: { key: "k", fingerprint: "f" } })),
    ).toMatchObject({
      outcome: "created",
      id,
    });
    expect(await staged.commit()).toEqual(["gone"]);
  });

  it("is finished by promote when its gateway died after the commit", async () => {
    const prefix = freshPrefix();
    const stores = await redis.open({ prefix });
    const tasks = Array.from({ length: 3 }, (_, index) =>
      newTask(stores.tasks.mintId(), { idempotency: { key: `k${index}`, fingerprint: "f" } }),
    );
    const staged = await stage(prefix, tasks);
    expect((await stores.tasks.status()).states.PENDING).toBe(0);
    expect(await staged.commit()).toEqual(["committed"]);
    // Accepted, though not created yet: the key is taken.
    const repeated = newTask(stores.tasks.mintId(), { idempotency: { key: "k1", fingerprint: "f" } });
    expect(await stores.tasks.enqueue(repeated)).toEqual({ outcome: "exists", id: tasks[1]?.id });
    await stores.tasks.promote(10);
    expect((await stores.tasks.claim(claimRequest())).map(({ id }) => id)).toEqual(tasks.map(({ id }) => id));
    expect(await redis.raw.exists(redisKeys(prefix).batches)).toBe(0);
  });

  it.each([
    ["at once", () => ({}), { cutReply: 0.2, cutRequest: 0.3 }],
    [
      "staged",
      (n: number) => ({ idempotency: { key: `k${n}`, fingerprint: "f" } }),
      { cutReply: 0.12, cutRequest: 0.06 },
    ],
  ])("%s, is either all there or not at all, whenever the connection is cut", async (_, more, faults) => {
    const proxy = await startFaultProxy({ targetPort: redis.server.port, seed: 7 });
    const seen = new Set<number>();
    for (let round = 0; round < 14 || (seen.size < 2 && round < 100); round++) {
      const prefix = freshPrefix();
      const stores = await redis.open({ prefix });
      const faulty = await redis.open({ prefix, url: proxy.url });
      const tasks = Array.from({ length: 600 }, (_, n) => newTask(stores.tasks.mintId(), more(n)));
      proxy.setFaults(faults);
      const answer = await faulty.tasks.enqueueBatch(tasks).catch((error: unknown) => error);
      proxy.setFaults({});
      // The cut may have hit while the last part was on its way.
      await until("the batch to be finished", async () => {
        await stores.tasks.promote(10);
        return (await redis.raw.exists(redisKeys(prefix).batches)) === 0;
      });
      const { PENDING: pending } = (await stores.tasks.status()).states;
      seen.add(pending);
      expect([0, 600]).toContain(pending);
      if (Array.isArray(answer)) expect(pending).toBe(600);
      else expect(answer).toBeInstanceOf(WorkstreamError);
      if (answer instanceof WorkstreamError && answer.code === "store_unavailable") expect(pending).toBe(0);
    }
    await proxy.close();
    expect(seen).toEqual(new Set([0, 600]));
  });
});

/** Stages a batch by hand, as a gateway does before it dies. */
async function stage(prefix: string, tasks: readonly NewTask[]) {
  const link = await openLink({ url: redis.server.url, prefix, role: "test" });
  const batchId = randomUUID();
  const { json } = firstPart(tasks.map((task) => intakeRecord(task, Date.now())));
  await link.scripts.run("stage-batch", { args: { batchId, tasks: json } });
  return {
    async commit() {
      const reply = await link.scripts.run("commit-batch", { args: { batchId, length: 1 } });
      link.connection.close();
      return reply;
    },
  };
}

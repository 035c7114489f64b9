import { primaryQueue, WorkstreamError } from "@workstream/core";
import { defineTask } from "@workstream/worker";
import { expect, it } from "vitest";
import { z } from "zod";
import { until } from "../until.ts";
import { watchStores } from "./watched-stores.ts";
import { describeWorker } from "./worker-stage.ts";

const text = z.string();

/** Runs until the test ends it, or its signal does where it listens. */
function lasting({ listens }: { listens: boolean }) {
  const ends: (() => void)[] = [];
  const definition = defineTask({
    type: "lasting",
    queue: primaryQueue,
    input: text,
    output: text,
    run: (_, { signal }) =>
      new Promise<string>((resolve, reject) => {
        ends.push(() => resolve("done"));
        if (listens) signal.addEventListener("abort", () => reject(signal.reason));
      }),
  });
  return { definition, ends };
}

describeWorker("a drain", (setStage) => {
  it("lets running tasks finish, and claims no more", async () => {
    const stage = await setStage();
    const { definition, ends } = lasting({ listens: true });
    const running = await stage.enqueue({ type: "lasting" });
    const worker = stage.start([definition], { graceMs: 10_000, concurrency: 1 });
    await stage.reaches(running, "ACTIVE");
    const waiting = await stage.enqueue({ type: "lasting" });
    const drained = worker.drain();
    expect(worker.health().state).toBe("draining");
    await until("the beat", async () => (await stage.opened.stores.workers.list())[0]?.isDraining);
    for (const end of ends) end();
    await drained;
    expect(await stage.task(running)).toMatchObject({ state: "COMPLETED", result: "done" });
    expect(await stage.task(waiting)).toMatchObject({ state: "PENDING" });
    expect(worker.health()).toMatchObject({ state: "stopped", running: 0, completed: 1 });
    expect(await stage.opened.stores.workers.list()).toEqual([]);
  });

  it.each([{ listens: true }, { listens: false }])(
    "hands back what does not finish in time: %j",
    async (kind) => {
      const stage = await setStage();
      const { definition } = lasting(kind);
      const ids = await stage.enqueueMany(3, { type: "lasting" });
      const worker = stage.start([definition], { graceMs: 600 });
      for (const id of ids) await stage.reaches(id, "ACTIVE");
      const startedAt = performance.now();
      await worker.drain();
      expect(performance.now() - startedAt).toBeGreaterThan(350);
      expect(performance.now() - startedAt).toBeLessThan(3000);
      for (const id of ids) {
        expect(await stage.task(id)).toMatchObject({
          state: "PENDING",
          retryCount: 0,
          lostCount: 0,
          errorHistory: [],
        });
      }
      const attempts = await stage.claim();
      expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
    },
  );

  it("hands back in their order what a claim brings that was under way", async () => {
    const stage = await setStage();
    const { definition } = lasting({ listens: true });
    const ids = await stage.enqueueMany(5, { type: "lasting" });
    let goOn = () => {};
    const begun = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const { stores } = watchStores(stage.opened.stores, async ({ verb }, through) => {
      const answer = await through();
      if (verb === "claim" || verb === "claimAfterWait") await begun;
      return answer;
    });
    const worker = stage.start([definition], { graceMs: 10_000 }, stores);
    await until("the claim", async () => (await stage.tasks.status()).states.ACTIVE === ids.length);
    const drained = worker.drain();
    goOn();
    await drained;
    expect(await stage.tasks.queueTaskIds(primaryQueue, 10)).toEqual(ids);
    for (const id of ids) expect(await stage.task(id)).toMatchObject({ state: "PENDING", retryCount: 0 });
  });

  it("happens once, and at once when forced", async () => {
    const stage = await setStage();
    const { definition } = lasting({ listens: true });
    const id = await stage.enqueue({ type: "lasting" });
    const worker = stage.start([definition], { graceMs: 60_000 });
    await stage.reaches(id, "ACTIVE");
    const startedAt = performance.now();
    const drained = worker.drain();
    await Promise.all([drained, worker.drain({ force: true }), worker.drain()]);
    expect(performance.now() - startedAt).toBeLessThan(8000);
    expect((await stage.task(id)).state).toBe("PENDING");
  });

  it("leaves a store alone that did not take the outcomes", async () => {
    const stage = await setStage();
    const { definition, ends } = lasting({ listens: true });
    const { stores, calls } = watchStores(stage.opened.stores, ({ verb }, through) =>
      verb === "settle" ? Promise.reject(new WorkstreamError("store_unavailable", "away")) : through(),
    );
    const id = await stage.enqueue({ type: "lasting" });
    const worker = stage.start([definition], { graceMs: 300 }, stores);
    await stage.reaches(id, "ACTIVE");
    for (const end of ends) end();
    await until("the unanswered outcome", () => worker.health().unsettled === 1);
    await worker.drain();
    const asked = calls.length;
    const endsAt = performance.now() + 2_500;
    await until("longer than it would wait", () => performance.now() > endsAt, { everyMs: 100 });
    expect(calls).toHaveLength(asked);
  });

  it("ends a worker that was never started, or runs nothing", async () => {
    const stage = await setStage();
    const { definition } = lasting({ listens: true });
    const worker = stage.start([definition], { graceMs: 60_000 });
    const startedAt = performance.now();
    await worker.drain();
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(() => worker.start()).toThrow("starts once");
  });
});

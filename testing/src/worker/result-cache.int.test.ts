import { primaryQueue, type Stores, WorkstreamError } from "@workstream/core";
import { defineTask, permanent } from "@workstream/worker";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { z } from "zod";
import { until } from "../until.ts";
import { watchStores } from "./watched-stores.ts";
import { describeWorker, type WorkerStage } from "./worker-stage.ts";

const question = z.object({ text: z.string(), user: z.string().optional() });

type Answering = {
  key?: (input: z.infer<typeof question>) => string;
  keeps?: (result: string) => boolean;
  run?: () => Promise<void>;
};

/** Answers a question, and counts how often each was really answered. */
function answering({ run = async () => {}, ...cache }: Answering = {}) {
  const runs: string[] = [];
  const definition = defineTask({
    ...{ type: "answer", queue: primaryQueue, input: question, output: z.string() },
    cache: { ttlMs: 60_000, ...cache },
    async run({ text }) {
      runs.push(text);
      await run();
      return `answer ${runs.length} to ${text}`;
    },
  });
  return { definition, runs };
}

const enqueue = (stage: WorkerStage, input: object) =>
  stage.enqueue({ type: "answer", contentKind: "json", content: JSON.stringify(input) });

describeWorker("the result cache", (setStage, kind) => {
  it("lets one of two workers compute what many tasks ask for", async () => {
    const stage = await setStage();
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { definition, runs } = answering({ run: () => opened });
    const workers = [1, 2].map(() => stage.start([definition], { concurrency: 4 }));
    const ids = await Promise.all(Array.from({ length: 12 }, () => enqueue(stage, { text: "why" })));
    await until("the others to wait without a slot", async () => {
      const tasks = await Promise.all(ids.map((id) => stage.task(id)));
      const waited = tasks.filter(({ stateHistory }) =>
        stateHistory.some(({ state }) => state === "SCHEDULED"),
      );
      return waited.length === 11;
    });
    expect(runs).toEqual(["why"]);
    open();
    for (const id of ids) {
      const task = await stage.reaches(id, "COMPLETED");
      expect(task).toMatchObject({ result: "answer 1 to why", retryCount: 0, errorHistory: [] });
    }
    expect(runs).toEqual(["why"]);
    await until(
      "all to be counted",
      () => workers.reduce((sum, each) => sum + each.health().completed, 0) === 12,
    );
  });

  it("asks for it twice a task at most, however long it takes", async () => {
    const stage = await setStage();
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { definition, runs } = answering({ run: () => opened });
    const { stores, calls } = watchStores(stage.opened.stores);
    const count = 200;
    const content = JSON.stringify({ text: "why" });
    const ids = await stage.enqueueMany(count, { type: "answer", contentKind: "json", content });
    const asked = () => calls.filter(({ verb }) => verb === "begin").length;
    stage.start([definition], { concurrency: 20 }, stores);
    await until(
      "the others to wait",
      async () => (await stage.tasks.status()).states.SCHEDULED === count - 1,
    );
    expect(asked()).toBe(count);
    const endsAt = performance.now() + 2_500;
    await until("two and a half seconds to pass", () => performance.now() > endsAt, { everyMs: 100 });
    expect(asked()).toBe(count);
    open();
    for (const id of ids) await stage.reaches(id, "COMPLETED");
    expect(asked()).toBe(2 * count - 1);
    expect(runs).toEqual(["why"]);
  });

  it("tells inputs apart by their values, in whatever order they stand", async () => {
    const stage = await setStage();
    const { definition } = answering();
    stage.start([definition]);
    const results: (string | null)[] = [];
    for (const input of [{ text: "a", user: "x" }, { user: "x", text: "a" }, { text: "a" }, { text: "b" }]) {
      results.push((await stage.reaches(await enqueue(stage, input), "COMPLETED")).result);
    }
    expect(results).toEqual(["answer 1 to a", "answer 1 to a", "answer 2 to a", "answer 3 to b"]);
  });

  it("tells them apart by the key where the type has one", async () => {
    const stage = await setStage();
    const { definition, runs } = answering({ key: ({ text }) => text });
    stage.start([definition]);
    for (const user of ["x", "y"]) {
      await stage.reaches(await enqueue(stage, { text: "a", user }), "COMPLETED");
    }
    expect(runs).toEqual(["a"]);
  });

  it("keeps only what it is told to keep", async () => {
    const stage = await setStage();
    const { definition, runs } = answering({ keeps: (result) => result.endsWith("b") });
    stage.start([definition]);
    for (const text of ["a", "a", "b", "b"]) await stage.reaches(await enqueue(stage, { text }), "COMPLETED");
    expect(runs).toEqual(["a", "a", "b"]);
  });

  it("lets the next one compute what an attempt failed to", async () => {
    const stage = await setStage();
    let runs = 0;
    const { definition } = answering({
      run: async () => {
        runs += 1;
        if (runs === 1) throw permanent("not this one");
      },
    });
    stage.start([definition], { concurrency: 2 });
    const [first, second] = await Promise.all([
      enqueue(stage, { text: "a" }),
      enqueue(stage, { text: "a", user: undefined }),
    ]);
    const states = await until("both to end", async () => {
      const tasks = await Promise.all([first, second].map((id) => stage.task(id)));
      const ended = tasks.map(({ state }) => state).sort();
      return ended.join() === "COMPLETED,DLQ" && ended;
    });
    expect(states).toHaveLength(2);
    expect(runs).toBe(2);
  });

  it("hands the flight of a drained worker to the next one", async () => {
    const stage = await setStage();
    let isFirst = true;
    const { definition, runs } = answering({
      run: () => (isFirst ? new Promise<void>(() => {}) : Promise.resolve()),
    });
    const id = await enqueue(stage, { text: "a" });
    const worker = stage.start([definition], { graceMs: 0 });
    await until("it to run", () => runs.length === 1);
    await worker.drain({ force: true });
    isFirst = false;
    stage.start([definition]);
    const other = await enqueue(stage, { text: "a" });
    for (const each of [id, other])
      expect((await stage.reaches(each, "COMPLETED")).result).toBe("answer 2 to a");
  });

  it.each(["begin", "put"] as const)("keeps nobody waiting when %s gets no answer", async (lost) => {
    const stage = await setStage();
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    let isLost = false;
    const { stores } = watchStores(stage.opened.stores, async ({ verb }, through) => {
      if (verb !== lost || isLost) return through();
      isLost = true;
      if (lost === "begin") await through();
      throw new WorkstreamError("outcome_unknown", "cut");
    });
    const { definition, runs } = answering({ run: () => opened });
    stage.start([definition], {}, stores);
    const first = await enqueue(stage, { text: "a" });
    await until("it to run", () => runs.length === 1);
    const second = await enqueue(stage, { text: "a" });
    await stage.reaches(second, "SCHEDULED");
    open();
    for (const each of [first, second]) await stage.reaches(each, "COMPLETED");
    // A result that was not stored is computed again.
    expect(runs).toHaveLength(lost === "begin" ? 1 : 2);
  });

  it("is no reason to fail", async () => {
    const stage = await setStage();
    const away = () => Promise.reject(new WorkstreamError("store_unavailable", "away"));
    const stores: Stores = { ...stage.opened.stores, cache: { begin: away, put: away, abandon: away } };
    const { definition } = answering();
    stage.start([definition], {}, stores);
    const id = await enqueue(stage, { text: "a" });
    expect((await stage.reaches(id, "COMPLETED")).result).toBe("answer 1 to a");
  });

  it.skipIf(kind === "sqlite")(
    "costs Redis a few scripts a task, and none a second waited (SQLite has none)",
    {
      timeout: 120_000,
    },
    async () => {
      const stage = await setStage();
      const count = 5_000;
      let open = () => {};
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      const { definition, runs } = answering({ run: () => opened });
      const redis = new Redis(stage.opened.redisUrl ?? "");
      const scripts = async () => {
        const stats = await redis.info("commandstats");
        const calls = [...stats.matchAll(/cmdstat_(?:evalsha|fcall):calls=(\d+)/g)];
        return calls.reduce((sum, [, count]) => sum + Number(count), 0);
      };
      const states = async () => (await stage.tasks.status()).states;
      const reaches = (state: "SCHEDULED" | "COMPLETED", wanted: number) =>
        until(`${wanted} to be ${state}`, async () => (await states())[state] === wanted, {
          timeoutMs: 60_000,
          everyMs: 250,
        });
      const content = JSON.stringify({ text: "why" });
      await stage.enqueueMany(count, { type: "answer", contentKind: "json", content });
      const before = await scripts();
      stage.start([definition], { concurrency: 100 });
      await reaches("SCHEDULED", count - 1);
      const parked = await scripts();
      const watchedMs = 3_000;
      const endsAt = performance.now() + watchedMs;
      await until("three seconds to pass", () => performance.now() > endsAt, { everyMs: 250 });
      const waited = await scripts();
      open();
      await reaches("COMPLETED", count);
      const done = await scripts();
      await redis.quit();
      const perSecond = (waited - parked) / (watchedMs / 1_000);
      console.log(
        `${count} equal tasks: ${((parked - before) / count).toFixed(2)} scripts each until they wait, ${perSecond.toFixed(1)} a second ` +
          `while all wait, ${((done - waited) / count).toFixed(2)} each from then on`,
      );
      expect(runs).toEqual(["why"]);
      expect((parked - before) / count).toBeLessThan(2);
      // The promoter, the reaper, the heartbeat and this test's own looks.
      expect(perSecond).toBeLessThan(20);
      expect((done - waited) / count).toBeLessThan(2);
    },
  );
});

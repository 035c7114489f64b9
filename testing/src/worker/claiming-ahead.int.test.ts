import { primaryQueue } from "@workstream/core";
import { defineTask, type Worker } from "@workstream/worker";
import { expect, it } from "vitest";
import { z } from "zod";
import { until } from "../until.ts";
import { watchStores } from "./watched-stores.ts";
import { describeWorker, type WorkerStage } from "./worker-stage.ts";

const text = z.string();

/** No-ops, and among them one that lasts until the test ends it. */
function lasting(onBegin: () => void = () => {}) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const runs = new Map<string, number>();
  const definition = defineTask({
    ...{ type: "echo", queue: primaryQueue, input: text, output: text },
    async run(input, { id }) {
      runs.set(id, (runs.get(id) ?? 0) + 1);
      if (input !== "long") return input;
      onBegin();
      await ended;
      return input;
    },
  });
  return { definition, runs, end };
}

/**
 * No-ops that teach the worker how fast they are, a long one, and 60 behind it. They are so many that it matters no more how long the
 * first few took, and that all are claimed well before the long one begins.
 */
async function fill(stage: WorkerStage) {
  const before = await stage.enqueueMany(600);
  const long = await stage.enqueue({ content: "long" });
  const behind = await stage.enqueueMany(60);
  return { before, long, behind };
}

const untouched = { state: "PENDING", retryCount: 0, lostCount: 0, errorHistory: [] };

async function expectHandedBack(stage: WorkerStage, ids: readonly string[]): Promise<string[]> {
  const waiting = async () => (await stage.tasks.queueTaskIds(primaryQueue, 100)) ?? [];
  await until("all to be back", async () => (await waiting()).length === ids.length);
  const found = await waiting();
  expect(found.toSorted()).toEqual(ids);
  for (const id of ids) expect(await stage.task(id)).toMatchObject(untouched);
  return found;
}

describeWorker("claiming ahead of free slots", (setStage) => {
  it("settles and claims many fast tasks a call with one slot, and runs them one by one", async () => {
    const stage = await setStage();
    let [running, most] = [0, 0];
    const quick = defineTask({
      ...{ type: "echo", queue: primaryQueue, input: text, output: text },
      async run(input) {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
        return input;
      },
    });
    const { stores, calls } = watchStores(stage.opened.stores);
    const ids = await stage.enqueueMany(1000);
    stage.start([quick], { concurrency: 1 }, stores);
    for (const id of ids) await stage.reaches(id, "COMPLETED");
    expect(most).toBe(1);
    expect(calls.filter(({ verb }) => verb === "settle" || verb === "claim").length).toBeLessThan(250);
  });

  it("hands back at once what waits when a drain begins", async () => {
    const stage = await setStage();
    let worker: Worker | null = null;
    const waited: number[] = [];
    let drained: Promise<void> = Promise.resolve();
    const { definition, end } = lasting(() => {
      waited.push(worker?.health().waiting ?? 0);
      drained = worker?.drain() ?? drained;
      waited.push(worker?.health().waiting ?? 0);
    });
    const { long, behind } = await fill(stage);
    worker = stage.start([definition], { concurrency: 1, graceMs: 20_000 });
    await until("the drain", () => waited.length === 2);
    expect(waited[0]).toBeGreaterThan(0);
    expect(waited[1]).toBe(0);
    await expectHandedBack(stage, behind);
    end();
    await drained;
    expect(await stage.task(long)).toMatchObject({ state: "COMPLETED" });
  });

  it("hands back what waits behind a task that takes long, and claims no more ahead", async () => {
    const stage = await setStage();
    let worker: Worker | null = null;
    const waited: number[] = [];
    const { definition, runs, end } = lasting(() => waited.push(worker?.health().waiting ?? 0));
    const { before, long, behind } = await fill(stage);
    worker = stage.start([definition], { concurrency: 1 });
    await stage.reaches(long, "ACTIVE");
    expect(await expectHandedBack(stage, behind)).toEqual(behind);
    expect(waited[0]).toBeGreaterThan(0);
    expect(worker.health()).toMatchObject({ running: 1, waiting: 0 });
    end();
    for (const id of [...before, long, ...behind]) {
      await stage.reaches(id, "COMPLETED");
      expect(runs.get(id)).toBe(1);
    }
    await until("the free slot", () => worker?.health().freeSlots === 1);
  });

  it("does not run a task that is cancelled while it waits", async () => {
    const stage = await setStage();
    const { stores, calls } = watchStores(stage.opened.stores);
    let onBegin = () => {};
    const { definition, runs, end } = lasting(() => onBegin());
    const { long, behind } = await fill(stage);
    const [cancelled = "", ...rest] = behind;
    let cancelling: Promise<unknown> | null = null;
    onBegin = () => {
      cancelling = stage.tasks.cancel(cancelled, "Not needed.");
    };
    const worker = stage.start([definition], { concurrency: 1 }, stores);
    await until("the subscription", () => calls.some((call) => call.verb === "onRevoked" && call.isAnswered));
    await until("the cancel", () => cancelling);
    await cancelling;
    await until("the worker to hear of it", () => worker.health().waiting < behind.length);
    end();
    for (const id of [long, ...rest]) await stage.reaches(id, "COMPLETED");
    expect(await stage.task(cancelled)).toMatchObject({ state: "CANCELLED", lastError: "Not needed." });
    expect(runs.has(cancelled)).toBe(false);
    await until("the free slot", () => worker.health().freeSlots === 1);
    expect(worker.health()).toMatchObject({ waiting: 0, unsettled: 0, failed: 0 });
  });

  it("never runs more than its slots, nor more of a type than its own bound", async () => {
    const stage = await setStage();
    const running = { all: 0, bounded: 0 };
    const most = { all: 0, bounded: 0 };
    const counted = (type: string, more: { concurrency?: number } = {}) =>
      defineTask({
        ...{ type, queue: more.concurrency ? type : primaryQueue, input: text, output: text, ...more },
        async run(input) {
          const kinds = type === "bounded" ? (["all", "bounded"] as const) : (["all"] as const);
          for (const kind of kinds) most[kind] = Math.max(most[kind], ++running[kind]);
          if (Number(input) > 0) await new Promise((resolve) => setTimeout(resolve, Number(input)));
          for (const kind of kinds) running[kind] -= 1;
          return input;
        },
      });
    const ids: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      ids.push(...(await stage.enqueueMany(40, { type: "free", content: "0" })));
      ids.push(...(await stage.enqueueMany(2, { type: "free", content: String(round % 3 === 0 ? 60 : 3) })));
      ids.push(...(await stage.enqueueMany(4, { type: "bounded", queue: "bounded", content: "1" })));
      ids.push(...(await stage.enqueueMany(1, { type: "bounded", content: "0" })));
    }
    stage.start([counted("free"), counted("bounded", { concurrency: 2 })], { concurrency: 3 });
    for (const id of ids) await stage.reaches(id, "COMPLETED", 20_000);
    expect(most.all).toBe(3);
    expect(most.bounded).toBeLessThanOrEqual(2);
  });
});

/** A part of the store is away and others answer: what a worker does with attempts that are `unanswered`. */
import type { ExtendRequest, SettleRequest } from "@workstream/core";
import { defineTask } from "@workstream/worker";
import { expect, it } from "vitest";
import { z } from "zod";
import { until } from "../until.ts";
import { type Interposer, watchStores } from "./watched-stores.ts";
import { describeWorker, type WorkerStage } from "./worker-stage.ts";

const text = z.string();
const queue = "echo";

/** Keeps from the store what is asked for these tasks, and answers that nobody answered. */
function partAway(ids: ReadonlySet<string>, isAway: () => boolean): Interposer {
  return async ({ verb, args }, through) => {
    if (!isAway() || (verb !== "settle" && verb !== "extend")) return through();
    const all = args[1] as (SettleRequest | ExtendRequest)[];
    const here = all.filter(({ id }) => !ids.has(id));
    (args as unknown[])[1] = here;
    const answer = await through();
    const settled = answer as { outcomes: string[]; claimed: unknown[] };
    const known = [...(verb === "settle" ? settled.outcomes : (answer as string[]))];
    const outcomes = all.map(({ id }) => (ids.has(id) ? "unanswered" : known.shift()));
    return verb === "settle" ? { ...settled, outcomes } : outcomes;
  };
}

function counting(onRun: (id: string) => Promise<void> | void = () => {}) {
  const runs = new Map<string, number>();
  const definition = defineTask({
    ...{ type: "echo", queue, input: text, output: text },
    async run(input, { id }) {
      runs.set(id, (runs.get(id) ?? 0) + 1);
      await onRun(id);
      return input;
    },
  });
  return { runs, definition };
}

async function enqueue(stage: WorkerStage): Promise<{ away: string[]; here: string[] }> {
  const away = await stage.enqueueMany(2, { queue });
  return { away, here: await stage.enqueueMany(30, { queue }) };
}

describeWorker("attempts of which a part of the store does not answer", (setStage) => {
  it("hold no slot, and are settled when it is back", async () => {
    const stage = await setStage();
    const { away, here } = await enqueue(stage);
    const { definition, runs } = counting();
    let isAway = true;
    const { stores } = watchStores(
      stage.opened.stores,
      partAway(new Set(away), () => isAway),
    );
    const worker = stage.start([definition], { concurrency: 2 }, stores);
    for (const id of here) await stage.reaches(id, "COMPLETED");
    await until("the others to be all", () => worker.health().unsettled === 2);
    expect(worker.health()).toMatchObject({ freeSlots: 2, running: 0, completed: 30 });
    for (const id of away) expect(await stage.task(id)).toMatchObject({ state: "ACTIVE" });
    isAway = false;
    for (const id of away) {
      const task = await stage.reaches(id, "COMPLETED");
      expect(task).toMatchObject({ lostCount: 0, retryCount: 0, errorHistory: [] });
    }
    await until("the answers", () => worker.health().unsettled === 0);
    expect(worker.health()).toMatchObject({ freeSlots: 2, completed: 32 });
    expect([...runs.values()]).toEqual(Array(32).fill(1));
  });

  it("are waited for by a drain, which flushes them when it is back", async () => {
    const stage = await setStage();
    const { away, here } = await enqueue(stage);
    const { definition } = counting();
    let isAway = true;
    const { stores, calls } = watchStores(
      stage.opened.stores,
      partAway(new Set(away), () => isAway),
    );
    const worker = stage.start([definition], { concurrency: 2, graceMs: 20_000 }, stores);
    for (const id of here) await stage.reaches(id, "COMPLETED");
    let isDrained = false;
    const draining = worker.drain().then(() => {
      isDrained = true;
    });
    const asked = calls.length;
    await until("the drain to ask again", () => calls.slice(asked).some(({ verb }) => verb === "settle"));
    expect(isDrained).toBe(false);
    isAway = false;
    await draining;
    for (const id of away) expect(await stage.task(id)).toMatchObject({ state: "COMPLETED" });
  });

  it("keep their handlers, and their progress, when a lease could not be extended", async () => {
    const stage = await setStage();
    const [away = ""] = await stage.enqueueMany(1, { queue });
    let [isAway, unanswered] = [true, 0];
    const interpose = partAway(new Set([away]), () => isAway);
    const { stores } = watchStores(stage.opened.stores, async (call, through) => {
      const answer = await interpose(call, through);
      if (call.verb === "extend" && isAway) unanswered += 1;
      return answer;
    });
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const aborts: unknown[] = [];
    const definition = defineTask({
      ...{ type: "echo", queue, input: text, output: text },
      async run(input, ctx) {
        const { signal } = ctx;
        signal.addEventListener("abort", () => aborts.push(signal.reason));
        ctx.progress({ step: "half" });
        await ended;
        return input;
      },
    });
    stage.start([definition], { concurrency: 1, leaseMs: 3_000 }, stores);
    await until("extensions without an answer", () => unanswered >= 2);
    expect((await stage.task(away)).progress).toBeNull();
    isAway = false;
    await until("the progress", async () => (await stage.task(away)).progress !== null);
    expect((await stage.task(away)).progress).toBe(JSON.stringify({ step: "half" }));
    end();
    await stage.reaches(away, "COMPLETED");
    expect(aborts).toEqual([]);
  });
});

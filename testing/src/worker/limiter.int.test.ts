import { WorkstreamError } from "@workstream/core";
import { expect, it } from "vitest";
import { until } from "../until.ts";
import { asking, ServiceDouble } from "./service-double.ts";
import { watchStores } from "./watched-stores.ts";
import { describeWorker, type WorkerStage } from "./worker-stage.ts";

async function enqueueAsking(stage: WorkerStage, names: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) {
    ids.push(await stage.enqueue({ type: "ask", content: name, maxRetries: 20 }));
  }
  return ids;
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `task ${index + 1}`);

describeWorker("a limiter", (setStage) => {
  it("is shared by two workers, and used to the full", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ limit: "20/1s" });
    const { definition } = asking(service);
    const ids = await enqueueAsking(stage, numbered(60));
    stage.start([definition], { concurrency: 40 });
    stage.start([definition], { concurrency: 40 });
    for (const id of ids) await stage.reaches(id, "COMPLETED", 15_000);
    const instants = service.calls.map(({ at }) => at).sort((a, b) => a - b);
    const allowedIn = (ms: number) => 20 + ms / 50;
    const overruns = instants.flatMap((from, first) =>
      instants.slice(first).filter((to, index) => index + 1 > allowedIn(to - from) + 5),
    );
    expect(overruns).toEqual([]);
    const lastedMs = (instants.at(-1) ?? 0) - (instants[0] ?? 0);
    expect(instants).toHaveLength(60);
    expect(lastedMs).toBeGreaterThan(1800);
    expect(lastedMs).toBeLessThan(6000);
  });

  it("makes a call wait in its slot for up to 2 s, and parks what would wait longer", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ limit: "2/1s" });
    const { definition, runs } = asking(service);
    const ids = await enqueueAsking(stage, numbered(8));
    stage.start([definition], { concurrency: 20 });
    const tasks = [];
    for (const id of ids) tasks.push(await stage.reaches(id, "COMPLETED"));
    const waited = service.calls.map(({ at }) => at - service.calledAt("task 1"));
    expect(Math.max(...waited.slice(0, 5))).toBeLessThan(3000);
    expect(Math.max(...waited)).toBeLessThan(7000);
    const wereParked = tasks.filter(({ stateHistory }) =>
      stateHistory.some(({ state }) => state === "SCHEDULED"),
    );
    expect(wereParked.length).toBeGreaterThan(1);
    expect(wereParked.length).toBeLessThan(5);
    expect(tasks.every(({ retryCount, errorHistory }) => retryCount + errorHistory.length === 0)).toBe(true);
    expect(runs.map(({ attempt }) => attempt)).toEqual(runs.map(() => 1));
    expect(runs).toHaveLength(8 + wereParked.length);
  });

  it("gives the turn of a cancelled task to the next one here", async () => {
    const stage = await setStage();
    const turnMs = 650;
    const service = new ServiceDouble({ limit: `2/${2 * turnMs}ms` });
    const { definition } = asking(service);
    const ids = await enqueueAsking(stage, numbered(4));
    const worker = stage.start([definition], { concurrency: 5 });
    await until("all to run", () => worker.health().running + service.calls.length >= 4);
    await until("the second call", () => service.calls.length >= 2);
    await stage.tasks.cancel(ids[2] ?? "", "enough");
    await stage.reaches(ids[3] ?? "", "COMPLETED");
    expect(service.callsBy("task 3")).toBe(0);
    const turns = (service.calledAt("task 4") - service.calledAt("task 1")) / turnMs;
    expect(turns).toBeGreaterThan(1);
    expect(turns).toBeLessThan(2.9);
  });

  it("asks once for calls that come together, and records them together", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ limit: "1000/1s" });
    const { definition } = asking(service);
    const { stores, calls } = watchStores(stage.opened.stores);
    const ids = await enqueueAsking(stage, numbered(100));
    stage.start([definition], { concurrency: 50 }, stores);
    for (const id of ids) await stage.reaches(id, "COMPLETED");
    await until("the records", async () => {
      return (
        calls.flatMap(({ verb, args }) => (verb === "record" ? (args[1] as unknown[]) : [])).length >= 100
      );
    });
    for (const verb of ["acquire", "record"]) {
      expect(calls.filter((call) => call.verb === verb).length).toBeLessThan(30);
    }
    expect(calls.filter(({ verb }) => verb === "configure")).toHaveLength(1);
  });

  it("goes on until the store takes its configuration", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ limit: "5/1s" });
    const { definition } = asking(service);
    let fails = 2;
    const { stores, calls } = watchStores(stage.opened.stores, async ({ verb }, through) => {
      if (verb === "configure" && fails-- > 0) throw new WorkstreamError("store_unavailable", "away");
      return through();
    });
    stage.start([definition], {}, stores);
    await until("the third try", () => calls.filter(({ verb }) => verb === "configure").length === 3);
    const id = await stage.enqueue({ type: "ask" });
    await stage.reaches(id, "COMPLETED");
  });

  it("parks a task for a moment when the store can't be asked", async () => {
    const stage = await setStage();
    const service = new ServiceDouble();
    const { definition } = asking(service);
    let isAway = true;
    const { stores } = watchStores(stage.opened.stores, async ({ verb }, through) => {
      if (verb === "acquire" && isAway) throw new WorkstreamError("store_unavailable", "away");
      return through();
    });
    const id = await stage.enqueue({ type: "ask" });
    stage.start([definition], {}, stores);
    const task = await stage.reaches(id, "SCHEDULED");
    expect(task).toMatchObject({ retryCount: 0, errorHistory: [], parkedFor: "model" });
    expect(service.calls).toEqual([]);
    isAway = false;
    await stage.reaches(id, "COMPLETED", 10_000);
  });

  it("obeys a hold in every worker", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({
      limit: "1000/1s",
      classify: ({ kind }) =>
        kind === "threw" ? { outcome: "ignored", holdMs: 1500 } : { outcome: "success" },
    });
    const { definition } = asking(service);
    const workers = [1, 2].map(() => stage.start([definition], { concurrency: 2 }));
    service.isUp = false;
    const [first = ""] = await enqueueAsking(stage, ["first"]);
    await until("the call that is told to wait", () => service.calls.length === 1);
    service.isUp = true;
    await until("the hold", async () => {
      const view = await stage.opened.stores.guards.read("model");
      return typeof view?.limiter?.holdUntil === "number";
    });
    const ids = await enqueueAsking(stage, numbered(8));
    for (const id of [first, ...ids]) await stage.reaches(id, "COMPLETED");
    const later = service.calls.slice(1).map(({ at }) => at - service.calledAt("first"));
    expect(Math.min(...later)).toBeGreaterThan(1450);
    expect(Math.max(...later)).toBeLessThan(5000);
    expect(workers.every((worker) => worker.health().completed > 0)).toBe(true);
  });
});

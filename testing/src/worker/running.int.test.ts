import { primaryQueue } from "@workstream/core";
import { defineTask, type TaskContext } from "@workstream/worker";
import { expect, it } from "vitest";
import { z } from "zod";
import { until } from "../until.ts";
import { watchStores } from "./watched-stores.ts";
import { describeWorker } from "./worker-stage.ts";

const text = z.string();

/** A handler that does as the test says, one run after another. */
function scripted(
  type: string,
  run: (context: TaskContext) => Promise<string>,
  more: { concurrency?: number } = {},
) {
  const queue = more.concurrency ? type : primaryQueue;
  return defineTask({ type, queue, input: text, output: text, run: (_, context) => run(context), ...more });
}

function aborted({ signal }: TaskContext): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

/** A promise and the function that ends it. */
function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

describeWorker("a running task", (setStage) => {
  it("is aborted at its time limit, and fails", async () => {
    const stage = await setStage();
    const id = await stage.enqueue({ type: "slow", timeoutMs: 150, maxRetries: 0 });
    stage.start([scripted("slow", aborted)]);
    expect(await stage.reaches(id, "DLQ")).toMatchObject({
      lastError: "It ran longer than its limit of 0.15 s.",
      errorType: "Default",
    });
  });

  it("loses its slot when its handler ignores the signal", async () => {
    const stage = await setStage();
    const end = gate();
    const deaf = scripted("deaf", async () => {
      await end.passed;
      return "too late";
    });
    const id = await stage.enqueue({ type: "deaf", timeoutMs: 50, maxRetries: 0 });
    const next = await stage.enqueue({ type: "echo" });
    const echo = scripted("echo", async () => "next");
    stage.start([deaf, echo], { concurrency: 1 });
    expect(await stage.reaches(id, "DLQ")).toMatchObject({
      lastError: "It ran longer than its limit of 0.05 s.",
    });
    await stage.reaches(next, "COMPLETED");
    end.open();
    expect(await stage.logged("ignores its abort signal")).toMatchObject({ facts: { reason: "timeout" } });
    expect((await stage.task(id)).state).toBe("DLQ");
  });

  it.each(["cancel", "delete"] as const)("is aborted at once when someone asks to %s it", async (verb) => {
    const stage = await setStage();
    const reasons: unknown[] = [];
    const patient = scripted("patient", (context) => {
      context.signal.addEventListener("abort", () => reasons.push(context.signal.reason.reason));
      return aborted(context);
    });
    const { stores, calls } = watchStores(stage.opened.stores);
    const worker = stage.start([patient], { concurrency: 1 }, stores);
    await until("the subscription", () => calls.some((call) => call.verb === "onRevoked" && call.isAnswered));
    const id = await stage.enqueue({ type: "patient" });
    await stage.reaches(id, "ACTIVE");
    const startedAt = performance.now();
    await stage.tasks[verb](id, "Not needed.");
    await until("the abort", () => reasons.length > 0);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(reasons).toEqual(["cancelled"]);
    await until("the slot", () => worker.health().running === 0);
    expect((await stage.tasks.get(id))?.state ?? "gone").toBe(verb === "cancel" ? "CANCELLED" : "gone");
    expect(worker.health()).toMatchObject({ completed: 0, failed: 0, unsettled: 0 });
  });

  it("is aborted soon when it was cancelled before the worker could hear of it", async () => {
    const stage = await setStage();
    const patient = scripted("patient", aborted);
    let subscribe = () => {};
    const allowed = new Promise<void>((resolve) => {
      subscribe = resolve;
    });
    const { stores } = watchStores(stage.opened.stores, async ({ verb }, through) => {
      if (verb === "onRevoked") await allowed;
      return through();
    });
    const id = await stage.enqueue({ type: "patient" });
    const worker = stage.start([patient], {}, stores);
    await stage.reaches(id, "ACTIVE");
    await stage.tasks.cancel(id, "Not needed.");
    subscribe();
    await until("the free slot", () => worker.health().freeSlots === 10, { timeoutMs: 3000 });
  });

  it("keeps its lease for longer than the lease is", async () => {
    const stage = await setStage();
    const end = gate();
    const long = scripted("long", async () => {
      await end.passed;
      return "kept";
    });
    const id = await stage.enqueue({ type: "long" });
    stage.start([long], { leaseMs: 1000 });
    stage.start([scripted("echo", async () => "x")], { leaseMs: 1000 });
    const { startedAt } = await stage.reaches(id, "ACTIVE");
    await until("three lease lengths to pass", () => Date.now() > (startedAt ?? 0) + 3200);
    end.open();
    expect(await stage.reaches(id, "COMPLETED")).toMatchObject({
      result: "kept",
      lostCount: 0,
      errorHistory: [],
    });
  });

  it("is dropped when its lease is gone, without a push as well", async () => {
    const stage = await setStage();
    const reasons: unknown[] = [];
    const first = gate();
    let runs = 0;
    const stubborn = scripted("stubborn", async ({ signal }) => {
      runs += 1;
      if (runs > 1) return "of the second run";
      signal.addEventListener("abort", () => reasons.push(signal.reason.reason));
      await first.passed;
      return "of the first run";
    });
    const id = await stage.enqueue({ type: "stubborn" });
    const worker = stage.start([stubborn], { leaseMs: 1000 });
    await stage.reaches(id, "ACTIVE");
    await stage.tasks.recover(worker.workerId, []);
    await until("the refused extension", () => reasons.length > 0);
    expect(reasons).toEqual(["lease_lost"]);
    first.open();
    expect(await stage.reaches(id, "COMPLETED")).toMatchObject({
      result: "of the second run",
      errorHistory: [],
    });
    await until("all slots", () => worker.health().freeSlots === 10);
    expect(worker.health().completed).toBe(1);
  });

  it("reports progress: thinned while it runs, the last value always", async () => {
    const stage = await setStage();
    const end = gate();
    const counting = scripted("counting", async (context) => {
      for (let page = 1; page <= 50; page += 1) context.progress({ page });
      await end.passed;
      context.progress({ page: "last" });
      return "counted";
    });
    const id = await stage.enqueue({ type: "counting" });
    stage.start([counting]);
    const seen = await until("progress", async () => (await stage.task(id)).progress);
    expect(seen).toBe('{"page":50}');
    end.open();
    expect((await stage.reaches(id, "COMPLETED")).progress).toBe('{"page":"last"}');
  });

  it("never holds up what finishes before it", async () => {
    const stage = await setStage();
    const end = gate();
    const slow = scripted("slow", async () => {
      await end.passed;
      return "slow";
    });
    const fast = scripted("echo", async () => "fast");
    const first = await stage.enqueueMany(3, { type: "slow" });
    const rest = await stage.enqueueMany(40);
    stage.start([slow, fast], { concurrency: 4 });
    for (const id of rest) await stage.reaches(id, "COMPLETED");
    for (const id of first) expect((await stage.task(id)).state).toBe("ACTIVE");
    end.open();
    for (const id of first) await stage.reaches(id, "COMPLETED");
  });

  it("shares its worker within the bounds of its type", async () => {
    const stage = await setStage();
    const running = { bounded: 0, free: 0 };
    const most = { bounded: 0, free: 0 };
    const tracked = (name: "bounded" | "free") => async () => {
      running[name] += 1;
      most[name] = Math.max(most[name], running[name]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running[name] -= 1;
      return name;
    };
    const bounded = await stage.enqueueMany(20, { type: "bounded", queue: "bounded" });
    const stray = await stage.enqueueMany(5, { type: "bounded" });
    const free = await stage.enqueueMany(60, { type: "free" });
    const definitions = [
      scripted("bounded", tracked("bounded"), { concurrency: 2 }),
      scripted("free", tracked("free")),
    ];
    stage.start(definitions, { concurrency: 12 });
    for (const id of [...bounded, ...stray, ...free]) await stage.reaches(id, "COMPLETED", 15_000);
    expect(most.bounded).toBe(2);
    expect(most.free).toBeGreaterThan(4);
    expect(most.free).toBeLessThanOrEqual(12);
  });
});

import { primaryQueue } from "@workstream/core";
import { defineTask, isServiceRefused } from "@workstream/worker";
import { expect, it } from "vitest";
import { z } from "zod";
import { until } from "../until.ts";
import { asking, ServiceDouble } from "./service-double.ts";
import { watchStores } from "./watched-stores.ts";
import { describeWorker, type WorkerStage } from "./worker-stage.ts";

const text = z.string();
const echo = defineTask({
  type: "echo",
  queue: primaryQueue,
  input: text,
  output: text,
  run: (input) => input,
});

/** An operator took the service out of use before any worker knew of it. */
async function takeOut(stage: WorkerStage, service: ServiceDouble): Promise<void> {
  const { guards } = stage.opened.stores;
  await guards.configure(service.definition.policy);
  await guards.forceOpen("model");
}

const breaker = { openMs: 60_000, rampMs: 1 };

describeWorker("parking", (setStage) => {
  it("uses up no attempt and holds no slot", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ breaker });
    const { definition, runs } = asking(service);
    await takeOut(stage, service);
    const parked = await stage.enqueue({ type: "ask", content: "me" });
    const worker = stage.start([definition, echo], { concurrency: 1 });
    const other = await stage.enqueue();
    await stage.reaches(other, "COMPLETED");
    const task = await stage.reaches(parked, "SCHEDULED");
    expect(task).toMatchObject({ retryCount: 0, errorHistory: [], lastError: null });
    expect((task.retryAfterAt ?? 0) - Date.now()).toBeGreaterThan(50_000);
    expect(runs).toEqual([{ by: "me", attempt: 1 }]);
    expect(service.calls).toEqual([]);
    await until("the free slot", () => worker.health().freeSlots === 1);
    expect(worker.health()).toMatchObject({ completed: 1, failed: 0 });
  });

  it("happens before the handler runs once the breaker is known to be open", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ breaker });
    const { definition, runs } = asking(service);
    await takeOut(stage, service);
    stage.start([definition], { concurrency: 5 });
    await stage.reaches(await stage.enqueue({ type: "ask", content: "first" }), "SCHEDULED");
    const ids = await stage.enqueueMany(20, { type: "ask" });
    for (const id of ids) expect((await stage.reaches(id, "SCHEDULED")).retryCount).toBe(0);
    expect(runs).toEqual([{ by: "first", attempt: 1 }]);
  });

  it("costs the store little: a step a batch at first, and then none", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ breaker });
    const { definition, runs } = asking(service);
    await takeOut(stage, service);
    const { stores, calls } = watchStores(stage.opened.stores);
    const ids = await stage.enqueueMany(400, { type: "ask" });
    stage.start([definition], { concurrency: 50 }, stores);
    for (const id of ids) await stage.reaches(id, "SCHEDULED");
    const asked = () => calls.filter(({ verb }) => verb === "acquire" || verb === "confirm").length;
    const firstPass = asked();
    expect(firstPass).toBeLessThan(40);
    expect(runs.length).toBeLessThanOrEqual(100);
    const endsAt = performance.now() + 1500;
    await until("a second and a half to pass", () => performance.now() > endsAt, { everyMs: 100 });
    expect(asked()).toBe(firstPass);
  });

  it("ends an attempt whose handler swallows it", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ breaker: { ...breaker, openMs: 300 } });
    let runs = 0;
    const swallowing = defineTask({
      ...{ type: "ask", queue: primaryQueue, input: text, output: text, services: [service.definition] },
      async run(by, context) {
        runs += 1;
        try {
          return await context.service("model").call(() => service.call(by));
        } catch {
          return "swallowed";
        }
      },
    });
    await takeOut(stage, service);
    const id = await stage.enqueue({ type: "ask", content: "me" });
    stage.start([swallowing]);
    await stage.reaches(id, "SCHEDULED");
    await stage.opened.stores.guards.reset("model");
    const task = await stage.reaches(id, "COMPLETED");
    expect(task).toMatchObject({ result: "answer to me", retryCount: 0, errorHistory: [] });
    expect(await stage.states(id)).toMatch(/^PENDING ACTIVE SCHEDULED PENDING ACTIVE/);
    expect(runs).toBe(2);
  });

  it("ends when an operator resets the breaker, long before it was to", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ breaker });
    const { definition } = asking(service);
    await takeOut(stage, service);
    const ids = await stage.enqueueMany(20, { type: "ask" });
    stage.start([definition], { concurrency: 5 });
    for (const id of ids) {
      const task = await stage.reaches(id, "SCHEDULED");
      expect(task).toMatchObject({
        parkedFor: "model",
        parkedWhy: expect.stringContaining("breaker is open"),
      });
    }
    await stage.opened.stores.guards.reset("model");
    for (const id of ids) expect(await stage.reaches(id, "COMPLETED")).toMatchObject({ parkedFor: null });
  });

  it("ends sooner when the limit is raised", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ limit: "1/1m" });
    const { definition } = asking(service);
    const ids = await stage.enqueueMany(30, { type: "ask" });
    stage.start([definition], { concurrency: 5 });
    await until("all but one to be parked", async () => (await stage.tasks.status()).states.SCHEDULED === 29);
    await stage.opened.stores.guards.changeLimit("model", { requests: 100, intervalMs: 1_000 });
    for (const id of ids) expect(await stage.reaches(id, "COMPLETED")).toMatchObject({ retryCount: 0 });
  });

  it("is not for an attempt that has made a call: it waits until the service is back", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ breaker });
    const twice = defineTask({
      ...{ type: "ask", queue: primaryQueue, input: text, output: text, services: [service.definition] },
      async run(by, context) {
        const model = context.service("model");
        await model.call(() => service.call(`${by} once`));
        await stage.opened.stores.guards.forceOpen("model");
        return model.call(() => service.call(`${by} twice`));
      },
    });
    const { stores, calls } = watchStores(stage.opened.stores);
    const id = await stage.enqueue({ type: "ask", content: "me" });
    stage.start([twice], { concurrency: 1 }, stores);
    await until("the breaker to open", async () => {
      return (await stage.opened.stores.guards.read("model"))?.breaker.state === "OPEN";
    });
    await until("the second call to be sent away", () => {
      return calls.filter(({ verb, isAnswered }) => verb === "acquire" && isAnswered).length >= 2;
    });
    expect(service.calls).toHaveLength(1);
    expect((await stage.task(id)).state).toBe("ACTIVE");
    await stage.opened.stores.guards.reset("model");
    expect(await stage.reaches(id, "COMPLETED")).toMatchObject({ result: "answer to me twice" });
    expect(await stage.states(id)).toBe("PENDING ACTIVE COMPLETED");
    expect(service.calls.map(({ by }) => by)).toEqual(["me once", "me twice"]);
  });

  it("fails an attempt that has made a call and would wait past its limit, as ServiceUnavailable", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ breaker });
    const twice = defineTask({
      ...{ type: "ask", queue: primaryQueue, input: text, output: text, services: [service.definition] },
      timeoutMs: 5000,
      async run(by, context) {
        const model = context.service("model");
        await model.call(() => service.call(by));
        await stage.opened.stores.guards.forceOpen("model");
        return model.call(() => service.call(by));
      },
    });
    const id = await stage.enqueue({ type: "ask", content: "me" });
    stage.start([twice]);
    const task = await stage.reaches(id, "SCHEDULED");
    expect(task).toMatchObject({ retryCount: 1, errorType: "ServiceUnavailable" });
    expect(task.lastError).toContain('Service "model" is not called, its circuit breaker is open');
    expect((task.retryAfterAt ?? 0) - Date.now()).toBeGreaterThan(50_000);
  });

  it("is not for a type that has another way: it runs, and is told", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ breaker });
    const falling = defineTask({
      ...{ type: "ask", queue: primaryQueue, input: text, output: text, services: [service.definition] },
      runsWithoutServices: true,
      async run(by, context) {
        const model = context.service("model");
        const answer = model.call(() => service.call(by), { refusesWhenOpen: true });
        return answer.catch((error: unknown) => `without it: ${isServiceRefused(error)}`);
      },
    });
    await takeOut(stage, service);
    stage.start([falling], { concurrency: 1 });
    for (const each of ["first", "second"]) {
      const id = await stage.enqueue({ type: "ask", content: each });
      expect((await stage.reaches(id, "COMPLETED")).result).toBe("without it: true");
    }
  });

  it("names the services that a type declares when it is asked for another", async () => {
    const stage = await setStage();
    const service = new ServiceDouble();
    const wrong = defineTask({
      ...{ type: "ask", queue: primaryQueue, input: text, output: text, services: [service.definition] },
      run: (_, context) => context.service("modle").name,
    });
    const id = await stage.enqueue({ type: "ask", maxRetries: 0 });
    stage.start([wrong]);
    const task = await stage.reaches(id, "DLQ");
    expect(task.lastError).toBe('Task type "ask" does not name service "modle"; it names "model".');
  });

  it("ends with a drain, and leaves no turn behind", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ limit: "1/1s" });
    const { definition } = asking(service);
    const ids = await stage.enqueueMany(2, { type: "ask" });
    const worker = stage.start([definition], { concurrency: 2, graceMs: 300 });
    await until("the first call", () => service.calls.length === 1);
    await worker.drain();
    const states = await Promise.all(ids.map(async (id) => (await stage.task(id)).state));
    expect(states.sort()).toEqual(["COMPLETED", "PENDING"]);
    const view = await stage.opened.stores.guards.read("model");
    expect(view?.limiter?.tokens).toBeGreaterThan(-0.05);
    expect(service.calls).toHaveLength(1);
  });
});

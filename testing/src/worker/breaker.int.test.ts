import { expect, it } from "vitest";
import { until } from "../until.ts";
import { asking, ServiceDouble } from "./service-double.ts";
import { describeWorker } from "./worker-stage.ts";

const breaker = {
  failureThreshold: 0.5,
  volumeThreshold: 4,
  openMs: 700,
  probes: 1,
  probeMs: 5000,
  rampMs: 1,
};

describeWorker("a breaker", (setStage) => {
  it("stops two workers when the service goes down, probes it, and lets everything complete", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ breaker });
    const { definition } = asking(service);
    service.isUp = false;
    const ids = await stage.enqueueMany(30, { type: "ask", maxRetries: 20 });
    stage.start([definition], { concurrency: 3 });
    stage.start([definition], { concurrency: 3 });
    const { guards } = stage.opened.stores;
    await until("the breaker to open", async () => (await guards.read("model"))?.breaker.state === "OPEN");
    const openedAt = performance.now();
    await until("two probes", () => service.calls.filter(({ at }) => at > openedAt + 500).length >= 2);
    const probes = service.calls.filter(({ at }) => at > openedAt + 500);
    expect(probes.length).toBeLessThanOrEqual(3);
    service.isUp = true;
    const tasks = [];
    for (const id of ids) tasks.push(await stage.reaches(id, "COMPLETED", 20_000));
    const failedCalls = service.calls.filter(({ isOk }) => !isOk).length;
    const burnt = tasks.reduce((sum, { retryCount }) => sum + retryCount, 0);
    // Probes, and what was under way when it opened, cost no attempt.
    expect(burnt).toBeGreaterThan(0);
    expect(burnt).toBeLessThan(failedCalls);
    expect(failedCalls).toBeLessThan(15);
    expect(await guards.read("model")).toMatchObject({ breaker: { state: "CLOSED" } });
  });

  it("lets a task that always fails, with no other to close it, come to its end", async () => {
    const stage = await setStage();
    const lone = { ...breaker, openMs: 100, volumeThreshold: 1 };
    const service = new ServiceDouble({ breaker: lone });
    const { definition } = asking(service);
    service.isUp = false;
    const id = await stage.enqueue({ type: "ask", maxRetries: 2 });
    stage.start([definition]);
    const task = await stage.reaches(id, "DLQ", 15_000);
    expect(task).toMatchObject({ retryCount: 2, lastError: "The service is down." });
    // The call that opened it, and probes: five that cost nothing, then two that did.
    expect(service.calls.length).toBeGreaterThanOrEqual(7);
    expect(service.calls.length).toBeLessThanOrEqual(9);
  });

  it("counts slow calls as failures", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ breaker: { ...breaker, openMs: 60_000, slowCallMs: 20 } });
    const { definition } = asking(service);
    service.ending = () => new Promise((resolve) => setTimeout(resolve, 60));
    const ids = await stage.enqueueMany(4, { type: "ask" });
    stage.start([definition], { concurrency: 4 });
    for (const id of ids) await stage.reaches(id, "COMPLETED");
    const { guards } = stage.opened.stores;
    await until("the breaker to open", async () => (await guards.read("model"))?.breaker.state === "OPEN");
  });

  it("is not moved by calls that say nothing of the service", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ breaker, classify: () => ({ outcome: "ignored" }) });
    const { definition } = asking(service);
    service.isUp = false;
    const ids = await stage.enqueueMany(8, { type: "ask", maxRetries: 0 });
    stage.start([definition], { concurrency: 4 });
    for (const id of ids) await stage.reaches(id, "DLQ");
    const view = await stage.opened.stores.guards.read("model");
    expect(view?.breaker).toMatchObject({ state: "CLOSED", failures: 0, successes: 0 });
    expect(service.calls).toHaveLength(8);
  });

  it("keeps the day's metrics and the service's state by what classify says", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({
      classify: () => ({
        ...{ outcome: "success", state: "active", message: "", tokensUsed: 30 },
        ...{ promptTokens: 20, completionTokens: 10, cost: 0.25 },
      }),
    });
    const { definition } = asking(service);
    const ids = await stage.enqueueMany(3, { type: "ask" });
    stage.start([definition]);
    for (const id of ids) await stage.reaches(id, "COMPLETED");
    const { services } = stage.opened.stores;
    const [today] = await until("the records", async () => {
      const days = await services.metrics("model", 1);
      return days[0]?.totalCalls === 3 && days;
    });
    expect(today).toMatchObject({
      ...{ successfulCalls: 3, failedCalls: 0, states: { active: 3 } },
      ...{ promptTokens: 60, completionTokens: 30, cost: 0.75 },
    });
    expect(await services.readState("model")).toMatchObject({ state: "active", consecutiveFailures: 0 });
  });
});

import { createGuards, defineService, isServiceRefused, type ServiceCallers } from "@workstream/worker";
import { afterEach, expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";
import type { OpenedStores } from "../store-source.ts";
import { until } from "../until.ts";
import { runningClock } from "./worker-stage.ts";

describeStores("guards outside of tasks", (openStores) => {
  const opened: ServiceCallers[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((guards) => guards.close())));

  async function setUp(): Promise<{ stores: OpenedStores["stores"]; guards: ServiceCallers }> {
    const { stores } = await openStores({ clock: runningClock });
    const guards = createGuards({ stores });
    opened.push(guards);
    return { stores, guards };
  }

  it("call, record, and answer outcomes as values", async () => {
    const { stores, guards } = await setUp();
    const model = guards.service(defineService({ name: "model", breaker: { volumeThreshold: 3 } }));
    expect(await model.call(async () => 7)).toBe(7);
    await expect(model.call(() => Promise.reject(new Error("502")))).rejects.toThrow("502");
    expect(await model.tryCall(() => Promise.reject(new Error("502")))).toMatchObject({
      ...{ kind: "failed", verdict: { outcome: "failure" } },
    });
    await until(
      "the breaker to open",
      async () => (await stores.guards.read("model"))?.breaker.state === "OPEN",
    );
    await until("that to be heard", () => model.breaker()?.state === "OPEN");
    expect(await model.tryCall(async () => 7)).toMatchObject({ kind: "refused", reason: "open" });
    const refusal = await model.call(async () => 7).catch((error: unknown) => error);
    expect(isServiceRefused(refusal) && refusal).toMatchObject({ service: "model", reason: "open" });
  });

  it("hear of what others do to the service", async () => {
    const { stores, guards } = await setUp();
    const model = guards.service(defineService({ name: "model" }));
    await model.call(async () => {});
    await until("a change to be heard", async () => {
      await stores.guards.reset("model");
      await stores.guards.forceOpen("model");
      const isOpen = () => model.breaker()?.state === "OPEN";
      return until("this change to be heard", isOpen, { timeoutMs: 300 }).catch(() => false);
    });
    await stores.guards.reset("model");
    await until("the reset", () => model.breaker()?.state === "CLOSED");
  });

  it("give waiting turns back when they close", async () => {
    const { stores, guards } = await setUp();
    const model = guards.service(defineService({ name: "model", limit: "1/1900ms" }));
    await model.call(async () => {});
    const waiting = model.call(async () => {});
    await until(
      "the reservation",
      async () => ((await stores.guards.read("model"))?.limiter?.tokens ?? 0) < -0.2,
    );
    const [outcome] = await Promise.allSettled([waiting, guards.close()]);
    expect(outcome).toMatchObject({ status: "rejected", reason: { message: "The guards were closed." } });
    expect((await stores.guards.read("model"))?.limiter?.tokens).toBeGreaterThan(-0.1);
    await expect(model.call(async () => {})).rejects.toThrow("closed");
    expect(() => guards.service(defineService({ name: "other" }))).toThrow("closed");
  });

  it("refuse two definitions of one service", async () => {
    const { guards } = await setUp();
    guards.service(defineService({ name: "model" }));
    expect(() => guards.service(defineService({ name: "model" }))).toThrow("has two definitions");
    expect(() => guards.service({ name: "model" } as never)).toThrow("must come from defineService()");
  });
});

import { isStep, lifecycle } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { lifecycleScenarios, toldHistory } from "../lifecycle-scenarios.ts";
import { describeStores } from "../store-fixture.ts";
import { complete, failed, park, release, snooze, TaskDriver } from "../task-driver.ts";

const steps = lifecycle.map(({ verb, from, to }) => ({
  name: `${verb}: ${from ? `${from} ` : ""}→ ${to}`,
  from,
  to,
}));

describe("the lifecycle scenarios", () => {
  it("cover the lifecycle table, row by row", () => {
    expect(Object.keys(lifecycleScenarios).toSorted()).toEqual(steps.map(({ name }) => name).toSorted());
  });
});

describeStores("the lifecycle", (openStores, kind, isPartitioned) => {
  for (const { name, from, to } of steps) {
    const isUnreachable = (kind === "sqlite" || isPartitioned) && name.startsWith("reject");
    const why = isUnreachable ? " (another program writes into one key space of Redis alone)" : "";
    it.skipIf(isUnreachable)(`takes ${name}${why}`, async () => {
      const opened = await openStores();
      const driver = new TaskDriver(opened);
      const startedAt = driver.clock.now();
      const id = await lifecycleScenarios[name]?.run(driver, opened);
      const { state, stateHistory } = await driver.task(id ?? "");
      expect(toldHistory(stateHistory, startedAt)).toBe(lifecycleScenarios[name]?.history);
      const states = [null, ...stateHistory.map((entry) => entry.state)];
      expect(states.some((earlier, index) => earlier === from && states[index + 1] === to)).toBe(true);
      expect(stateHistory.at(-1)?.state).toBe(state);
    });
  }

  it("tells a long life in full", async () => {
    const driver = new TaskDriver(await openStores());
    const id = await driver.enqueue({ delayMs: 1 });
    driver.clock.advance(1);
    await driver.tasks.promote(1);
    for (const settlement of [release, snooze(0), failed({ to: "SCHEDULED", delayMs: 0 }), park(0)]) {
      await driver.settle(await driver.claimOne(), settlement);
      await driver.tasks.promote(1);
    }
    await driver.settle(await driver.claimOne(), failed({ to: "DLQ" }));
    await driver.tasks.retry(id, { resetRetryCount: true });
    await driver.tasks.cancel(id, "");
    await driver.tasks.retry(id, { resetRetryCount: true });
    await driver.settle(await driver.claimOne(), complete);
    expect(await driver.states(id)).toBe(
      [
        "SCHEDULED PENDING ACTIVE PENDING ACTIVE SCHEDULED PENDING ACTIVE FAILED SCHEDULED PENDING",
        "ACTIVE SCHEDULED PENDING ACTIVE FAILED DLQ PENDING CANCELLED PENDING ACTIVE COMPLETED",
      ].join(" "),
    );
    const states = (await driver.task(id)).stateHistory.map(({ state }) => state);
    expect(states.slice(1).every((state, index) => isStep(states[index] ?? null, state))).toBe(true);
  });

  it("bounds the history of a task that never ends, and keeps its beginning and its end", async () => {
    const driver = new TaskDriver(await openStores());
    const id = await driver.enqueue();
    for (let count = 0; count < 150; count++) await driver.settle(await driver.claimOne(), release);
    const { stateHistory, createdAt } = await driver.task(id);
    expect(stateHistory.length).toBeLessThanOrEqual(200);
    expect(stateHistory[0]).toEqual({ state: "PENDING", at: createdAt });
    expect(stateHistory.at(-1)?.state).toBe("PENDING");
  });
});

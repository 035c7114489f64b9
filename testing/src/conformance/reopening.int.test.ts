import { expect, it } from "vitest";
import { portrait } from "../model/portrait.ts";
import { newTask } from "../new-task.ts";
import { describeStores } from "../store-fixture.ts";
import { failed, snooze, TaskDriver } from "../task-driver.ts";
import { taskInState } from "../task-in-state.ts";

describeStores("reopening", (openStores, kind) => {
  it("finds everything as it was left", async () => {
    const first = await openStores();
    const driver = new TaskDriver(first);
    const ids: string[] = [];
    for (const state of ["SCHEDULED", "COMPLETED", "FAILED", "DLQ", "CANCELLED"] as const) {
      driver.clock.advance(10);
      ids.push((await taskInState(driver, state)).id);
    }
    ids.push(await driver.ran(failed({ to: "SCHEDULED", delayMs: 500 })), await driver.ran(snooze(1_000)));
    ids.push(...(await driver.enqueueMany(3, { queue: "mail", content: "long ".repeat(30_000) })));
    ids.push(await driver.enqueue({ idempotency: { key: "k", fingerprint: "f" }, priority: "low" }));
    await driver.tasks.pause("mail");
    const before = await portrait(first.stores, ids, 10);
    await first.stores.close();

    const second = await openStores({ clock: first.clock, place: first.place });
    expect(await portrait(second.stores, ids, 10)).toEqual(before);
    const again = newTask(second.tasks.mintId(), { idempotency: { key: "k", fingerprint: "f" } });
    expect(await second.tasks.enqueue(again)).toEqual({ outcome: "exists", id: ids.at(-1) });
    const reopened = new TaskDriver(second);
    expect(await reopened.claim({ queues: { mail: 5 } })).toEqual([]);
    await reopened.tasks.resume("mail");
    expect((await reopened.claim({ queues: { mail: 5 } })).map(({ id }) => id)).toEqual(ids.slice(7, 10));
  });

  it("goes on with shares and tokens where they stood", async () => {
    const first = await openStores();
    const driver = new TaskDriver(first);
    await driver.enqueueMany(12);
    const lows = new Set(await driver.enqueueMany(3, { priority: "low" }));
    const attempt = await driver.claimOne();
    await driver.settle(attempt, { kind: "release" });
    for (let count = 0; count < 7; count++) await driver.settle(await driver.claimOne(), { kind: "release" });
    await first.stores.close();
    const second = new TaskDriver(await openStores({ clock: first.clock, place: first.place }));
    const ninth = await second.claimOne();
    expect(BigInt(ninth.token)).toBe(BigInt(attempt.token) + 8n);
    expect(lows.has(ninth.id)).toBe(false);
    expect(lows.has((await second.claimOne()).id)).toBe(true);
  });

  it.skipIf(kind === "sqlite")(
    "serves two openings at once (the embedded store belongs to one)",
    async () => {
      const first = await openStores();
      const second = await openStores({ clock: first.clock, place: first.place });
      const id = await new TaskDriver(first).enqueue();
      const attempt = await new TaskDriver(second).claimOne();
      expect(attempt.id).toBe(id);
      expect(await new TaskDriver(first).settle(attempt, { kind: "complete", result: "r" })).toBe("settled");
      expect((await second.tasks.get(id))?.state).toBe("COMPLETED");
    },
  );

  it.skipIf(kind === "redis")(
    "refuses a second opening while the first lasts (Redis serves many)",
    async () => {
      const first = await openStores();
      await expect(openStores({ place: first.place })).rejects.toMatchObject({ code: "store_unavailable" });
      expect(await first.tasks.get("still there")).toBeNull();
    },
  );
});

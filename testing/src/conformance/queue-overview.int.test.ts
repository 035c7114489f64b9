import type { QueueSnapshot, QueueSnapshots } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";
import { failed, release, TaskDriver } from "../task-driver.ts";

const nothing = { high: 0, normal: 0, low: 0, retry: 0 };

describeStores("what waits where", (openStores, _kind, isPartitioned) => {
  const open = async () => new TaskDriver(await openStores());
  const overview = (driver: TaskDriver): Promise<QueueSnapshots> => driver.tasks.queueOverview();
  const queue = async (driver: TaskDriver, name: string): Promise<QueueSnapshot | undefined> =>
    (await overview(driver)).queues.find((snapshot) => snapshot.queue === name);

  describe("the overview", () => {
    it("of an empty store has primary and its retries", async () => {
      const driver = await open();
      const empty = { lanes: nothing, oldestWaitingAt: null, isPaused: false };
      expect(await overview(driver)).toEqual({
        queues: [
          { queue: "primary", ...empty },
          { queue: "retry", ...empty },
        ],
        scheduled: { waiting: 0, nextDueAt: null },
        deadLetters: { waiting: 0, oldestAt: null, newestAt: null },
      });
    });

    it("counts every lane of every queue, by name", async () => {
      const driver = await open();
      await driver.enqueueMany(3, { queue: "reports" });
      await driver.enqueueMany(2, { queue: "mail", priority: "high" });
      await driver.enqueue({ queue: "mail", priority: "low" });
      await driver.enqueue();
      const { queues } = await overview(driver);
      expect(queues.map(({ queue, lanes }) => [queue, lanes])).toEqual([
        ["primary", { ...nothing, normal: 1 }],
        ["retry", nothing],
        ["mail", { ...nothing, high: 2, low: 1 }],
        ["reports", { ...nothing, normal: 3 }],
      ]);
    });

    it("tells since when the longest waiting of all heads is pending", async () => {
      const driver = await open();
      const startAt = driver.clock.now();
      const low = await driver.enqueue({ priority: "low" });
      driver.clock.advance(1_000);
      await driver.enqueueMany(2);
      expect(await queue(driver, "primary")).toMatchObject({ oldestWaitingAt: startAt });
      await driver.tasks.cancel(low, "not wanted");
      expect(await queue(driver, "primary")).toMatchObject({ oldestWaitingAt: startAt + 1_000 });
      await driver.claim();
      expect(await queue(driver, "primary")).toMatchObject({ lanes: nothing, oldestWaitingAt: null });
    });

    it("counts the wait of a delayed task from when it became due", async () => {
      const driver = await open();
      const startAt = driver.clock.now();
      await driver.enqueue({ delayMs: 5_000 });
      driver.clock.advance(6_000);
      await driver.tasks.promote(10);
      expect(await queue(driver, "primary")).toMatchObject({ oldestWaitingAt: startAt + 6_000 });
    });

    it("counts the wait of what was handed back from then on", async () => {
      const driver = await open();
      await driver.enqueue();
      driver.clock.advance(1_000);
      const attempt = await driver.claimOne();
      driver.clock.advance(1_000);
      await driver.settle(attempt, release);
      expect((await overview(driver)).queues.map(({ oldestWaitingAt }) => oldestWaitingAt)).toContain(
        driver.clock.now(),
      );
    });

    it("keeps the retries of primary apart, and those of other queues in their lane", async () => {
      const driver = await open();
      const again = failed({ to: "SCHEDULED", delayMs: 1_000 });
      await driver.ran(again);
      await driver.ran(again, { queue: "mail" });
      driver.clock.advance(1_000);
      await driver.tasks.promote(10);
      driver.clock.advance(500);
      await driver.enqueue();
      const waiting = (await overview(driver)).queues.map(({ queue, lanes }) => [
        queue,
        lanes.normal,
        lanes.retry,
      ]);
      expect(waiting).toEqual([
        ["primary", 1, 0],
        ["retry", 0, 1],
        ["mail", 0, 1],
      ]);
      expect((await queue(driver, "retry"))?.oldestWaitingAt).toBe(driver.clock.now() - 500);
      expect((await queue(driver, "primary"))?.oldestWaitingAt).toBe(driver.clock.now());
    });

    it("says what is paused; primary's retries are paused with it", async () => {
      const driver = await open();
      await driver.enqueue({ queue: "mail" });
      await driver.tasks.pause("primary");
      const paused = async () => (await overview(driver)).queues.filter(({ isPaused }) => isPaused);
      expect((await paused()).map((snapshot) => snapshot.queue)).toEqual(["primary", "retry"]);
      await driver.tasks.resume("primary");
      await driver.tasks.pause("mail");
      expect((await paused()).map((snapshot) => snapshot.queue)).toEqual(["mail"]);
    });

    it("tells what is due next, and the ages of dead letters", async () => {
      const driver = await open();
      await driver.enqueue({ delayMs: 9_000 });
      await driver.enqueue({ delayMs: 4_000 });
      const dueAt = driver.clock.now() + 4_000;
      const oldestAt = driver.clock.now();
      await driver.ran(failed({ to: "DLQ" }));
      driver.clock.advance(1_000);
      await driver.ran(failed({ to: "DLQ" }));
      driver.clock.advance(1_000);
      await driver.ran(failed({ to: "DLQ" }));
      const { scheduled, deadLetters } = await overview(driver);
      expect(scheduled).toEqual({ waiting: 2, nextDueAt: dueAt });
      expect(deadLetters).toEqual({ waiting: 3, oldestAt, newestAt: oldestAt + 2_000 });
    });

    it("reads more queues than go into one call", async () => {
      const driver = await open();
      const names = Array.from({ length: 230 }, (_, at) => `queue-${String(at).padStart(3, "0")}`);
      for (const name of names) await driver.enqueue({ queue: name });
      const { queues } = await overview(driver);
      expect(queues.map((snapshot) => snapshot.queue)).toEqual(["primary", "retry", ...names]);
      expect(
        queues.slice(2).every(({ lanes, oldestWaitingAt }) => lanes.normal === 1 && oldestWaitingAt),
      ).toBe(true);
    });
  });

  describe("the place in a line", () => {
    it("counts those before it in its own lane", async () => {
      const driver = await open();
      const [first = "", second = "", third = ""] = await driver.enqueueMany(3);
      const high = await driver.enqueue({ priority: "high" });
      const position = (id: string) => driver.tasks.linePosition(id);
      expect(await Promise.all([first, second, third, high].map(position))).toEqual([0, 1, 2, 0]);
      await driver.tasks.cancel(second, "not wanted");
      expect(await position(third)).toBe(1);
      expect(await position(second)).toBeNull();
    });

    it.skipIf(isPartitioned)(
      "is known on the lane of retries (each partition has lanes of its own)",
      async () => {
        const driver = await open();
        const again = failed({ to: "SCHEDULED", delayMs: 0 });
        const ids = [await driver.ran(again), await driver.ran(again)];
        await driver.tasks.promote(10);
        expect(await Promise.all(ids.map((id) => driver.tasks.linePosition(id)))).toEqual([0, 1]);
      },
    );

    it("is none for what does not wait in one, and for ids that no task has", async () => {
      const driver = await open();
      const scheduled = await driver.enqueue({ delayMs: 1_000 });
      const dead = await driver.ran(failed({ to: "DLQ" }));
      for (const id of [scheduled, dead, "no-such-task"]) {
        expect(await driver.tasks.linePosition(id)).toBeNull();
      }
    });

    it("is known among the first 1,000 and not beyond", async () => {
      const driver = await open();
      const ids = await driver.enqueueMany(1_001);
      expect(await driver.tasks.linePosition(ids[999] ?? "")).toBe(999);
      expect(await driver.tasks.linePosition(ids[1_000] ?? "")).toBeNull();
    });
  });
});

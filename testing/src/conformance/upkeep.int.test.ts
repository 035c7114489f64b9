import { defaultRetention, type RetentionPolicy } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";
import {
  complete,
  failed,
  leaseMs,
  park,
  reapSettings,
  release,
  snooze,
  TaskDriver,
  workerId,
} from "../task-driver.ts";
import { taskInState } from "../task-in-state.ts";

const resting = ["COMPLETED", "FAILED", "DLQ", "CANCELLED"] as const;

function keep(
  state: (typeof resting)[number],
  retention: { maxAgeMs?: number; maxCount?: number },
): RetentionPolicy {
  return { ...defaultRetention, [state]: { ...defaultRetention[state], ...retention } };
}

describeStores("upkeep", (openStores, _kind, isPartitioned) => {
  const open = async () => new TaskDriver(await openStores());

  describe("promote", () => {
    it.skipIf(isPartitioned)(
      "moves due tasks in the order in which they are due (each partition has an order of its own)",
      async () => {
        const driver = await open();
        const late = await driver.enqueue({ delayMs: 3_000 });
        const early = await driver.enqueue({ delayMs: 1_000 });
        const middle = await driver.enqueue({ delayMs: 2_000 });
        driver.clock.advance(2_000);
        expect(await driver.tasks.promote(10)).toEqual({ promoted: 2, nextDueInMs: 1_000 });
        expect(await driver.tasks.queueTaskIds("primary", 10)).toEqual([early, middle]);
        driver.clock.advance(1_000);
        expect(await driver.tasks.promote(10)).toEqual({ promoted: 1, nextDueInMs: null });
        expect((await driver.claim()).map(({ id }) => id)).toEqual([early, middle, late]);
      },
    );

    it("moves at most the number asked, and says that more is due", async () => {
      const driver = await open();
      await driver.enqueueMany(5, { delayMs: 1_000 });
      driver.clock.advance(1_500);
      expect(await driver.tasks.promote(3)).toEqual({ promoted: 3, nextDueInMs: 0 });
      expect(await driver.tasks.promote(3)).toEqual({ promoted: 2, nextDueInMs: null });
      expect(await driver.tasks.promote(3)).toEqual({ promoted: 0, nextDueInMs: null });
    });

    it("does not move a task before its time", async () => {
      const driver = await open();
      const id = await driver.enqueue({ delayMs: 1_000 });
      driver.clock.advance(999);
      expect(await driver.tasks.promote(10)).toEqual({ promoted: 0, nextDueInMs: 1 });
      expect((await driver.task(id)).state).toBe("SCHEDULED");
    });

    it.skipIf(isPartitioned)(
      "sends first runs to the tail of their own lane (each partition has an order of its own)",
      async () => {
        const driver = await open();
        const low = await driver.enqueue({ delayMs: 1, priority: "low" });
        const named = await driver.enqueue({ delayMs: 1, queue: "mail" });
        const normal = await driver.enqueue({ delayMs: 1 });
        const high = await driver.enqueue({ delayMs: 1, priority: "high" });
        const waiting = await driver.enqueue();
        driver.clock.advance(1);
        await driver.tasks.promote(10);
        expect(await driver.tasks.queueTaskIds("primary", 10)).toEqual([high, waiting, normal, low]);
        expect(await driver.tasks.queueTaskIds("mail", 10)).toEqual([named]);
        expect(await driver.tasks.queueTaskIds("retry", 10)).toEqual([]);
        expect((await driver.task(normal)).retryAfterAt).toBeNull();
      },
    );

    it.each([
      ["a failed task to the retry list", failed({ to: "SCHEDULED", delayMs: 5 }), "retry"],
      ["a snoozed task to its own lane", snooze(5), "primary"],
      ["a parked task to its own lane", park(5), "primary"],
    ])("sends %s", async (_, settlement, queue) => {
      const driver = await open();
      const id = await driver.ran(settlement);
      driver.clock.advance(5);
      await driver.tasks.promote(10);
      expect(await driver.tasks.queueTaskIds(queue, 10)).toEqual([id]);
    });

    it.each([
      ["snoozed", snooze(5)],
      ["parked", park(5)],
    ])("sends a %s task that failed before to the retry list", async (_, settlement) => {
      const driver = await open();
      const id = await driver.ran(failed({ to: "SCHEDULED", delayMs: 0 }));
      await driver.tasks.promote(10);
      await driver.settle(await driver.claimOne(), settlement);
      driver.clock.advance(5);
      await driver.tasks.promote(10);
      expect(await driver.tasks.queueTaskIds("retry", 10)).toEqual([id]);
    });
  });

  describe("reap", () => {
    it("waits for one lease length at first, then takes what ran out", async () => {
      const driver = await open();
      await driver.enqueue();
      const attempt = await driver.claimOne();
      driver.clock.advance(leaseMs * 2);
      expect(await driver.tasks.reap(reapSettings())).toEqual({ requeued: 0, buried: 0, isWaiting: true });
      await driver.reapDuring(leaseMs - 1);
      expect((await driver.task(attempt.id)).state).toBe("ACTIVE");
      const reapedAt = driver.clock.advance(1);
      expect(await driver.tasks.reap(reapSettings())).toEqual({ requeued: 1, buried: 0, isWaiting: false });
      const error = `Worker ${workerId} was lost: it stopped extending its lease.`;
      expect(await driver.task(attempt.id)).toMatchObject({
        state: "PENDING",
        lostCount: 1,
        retryCount: 0,
        lastError: error,
        errorType: "WorkerLost",
        updatedAt: reapedAt,
        errorHistory: [
          {
            at: reapedAt,
            error,
            errorType: "WorkerLost",
            retryCount: 0,
            stateTransition: "ACTIVE → PENDING",
            workerId,
          },
        ],
      });
      expect(await driver.tasks.queueTaskIds("retry", 10)).toEqual([attempt.id]);
    });

    it.each([
      ["it has not run for over 5 s", 5_001],
      ["time went back", -1],
    ])("waits again when %s", async (_, ms) => {
      const driver = await open();
      await driver.warmReaper();
      expect((await driver.tasks.reap(reapSettings())).isWaiting).toBe(false);
      driver.clock.advance(ms);
      expect((await driver.tasks.reap(reapSettings())).isWaiting).toBe(true);
      await driver.reapDuring(leaseMs - 1);
      expect((await driver.tasks.reap(reapSettings())).isWaiting).toBe(true);
      driver.clock.advance(1);
      expect((await driver.tasks.reap(reapSettings())).isWaiting).toBe(false);
    });

    it("does not wait after a pause of 5 s", async () => {
      const driver = await open();
      await driver.warmReaper();
      driver.clock.advance(5_000);
      expect((await driver.tasks.reap(reapSettings())).isWaiting).toBe(false);
    });

    it("leaves living leases and takes at most its limit", async () => {
      const driver = await open();
      await driver.warmReaper();
      await driver.enqueueMany(5);
      await driver.claim();
      await driver.reapDuring(leaseMs - 1);
      expect((await driver.tasks.status()).states.ACTIVE).toBe(5);
      driver.clock.advance(2);
      expect(await driver.tasks.reap(reapSettings({ limit: 2 }))).toMatchObject({ requeued: 2 });
      expect(await driver.tasks.reap(reapSettings({ limit: 2 }))).toMatchObject({ requeued: 2 });
      expect(await driver.tasks.reap(reapSettings({ limit: 2 }))).toMatchObject({ requeued: 1 });
    });

    it("buries a task that has taken down too many workers", async () => {
      const driver = await open();
      await driver.warmReaper();
      const id = await driver.enqueue();
      for (const strike of [1, 2]) {
        await driver.begin(await driver.claimOne());
        expect(await driver.loseWorkers()).toEqual({ requeued: 1, buried: 0 });
        expect((await driver.task(id)).lostCount).toBe(strike);
      }
      await driver.begin(await driver.claimOne());
      expect(await driver.loseWorkers()).toEqual({ requeued: 0, buried: 1 });
      const task = await driver.task(id);
      expect(task).toMatchObject({ state: "DLQ", errorType: "WorkerLost", lostCount: 3, retryCount: 0 });
      expect(task.completedAt).toBe(task.updatedAt);
      expect(task.errorHistory.map(({ stateTransition }) => stateTransition)).toEqual([
        "ACTIVE → PENDING",
        "ACTIVE → PENDING",
        "ACTIVE → DLQ",
      ]);
      expect(await driver.states(id)).toBe("PENDING ACTIVE PENDING ACTIVE PENDING ACTIVE FAILED DLQ");
      expect((await driver.tasks.deadLetters(1))[0]).toEqual(task);
      await driver.tasks.retry(id, { resetRetryCount: false });
      expect(await driver.task(id)).toMatchObject({ lostCount: 0 });
      expect((await driver.claimOne()).attempt).toBe(1);
    });

    it("gives no second strike to what had not begun, and says so", async () => {
      const driver = await open();
      await driver.warmReaper();
      const id = await driver.enqueue();
      const error = `Worker ${workerId} was lost: it stopped extending its lease.`;
      await driver.claimOne();
      await driver.loseWorkers();
      expect(await driver.task(id)).toMatchObject({ state: "PENDING", lostCount: 1, lastError: error });
      for (let loss = 0; loss < 4; loss += 1) {
        expect((await driver.claimOne()).attempt).toBe(2);
        expect(await driver.loseWorkers({ maxLostWorkers: 2 })).toEqual({ requeued: 1, buried: 0 });
      }
      const words = `${error} It had not begun this task.`;
      expect(await driver.task(id)).toMatchObject({ state: "PENDING", lostCount: 1, lastError: words });
      expect(await driver.tasks.queueTaskIds("retry", 10)).toEqual([id]);
    });

    it("takes no notice of an earlier attempt that had begun, nor of what one without its lease says", async () => {
      const driver = await open();
      await driver.warmReaper();
      const id = await driver.enqueue();
      const lost = await driver.claimOne();
      await driver.begin(lost);
      await driver.loseWorkers();
      const handedBack = await driver.claimOne();
      await driver.begin(handedBack);
      await driver.settle(handedBack, release);
      await driver.claimOne();
      for (const { token } of [lost, handedBack]) {
        const late = [{ id, token, hasBegun: true }];
        expect(await driver.tasks.extend(workerId, late, leaseMs)).toEqual(["lease_lost"]);
      }
      await driver.loseWorkers({ maxLostWorkers: 2 });
      expect(await driver.task(id)).toMatchObject({ state: "PENDING", lostCount: 1 });
    });

    it("buries at the first loss only what had begun, though one lost worker is the most", async () => {
      const driver = await open();
      await driver.warmReaper();
      const ids = await driver.enqueueMany(2);
      const attempts = await driver.claim();
      const guilty = attempts.find(({ id }) => id === ids[1]);
      if (guilty) await driver.begin(guilty);
      expect(await driver.loseWorkers({ maxLostWorkers: 1 })).toEqual({ requeued: 1, buried: 1 });
      expect(await driver.task(ids[0] ?? "")).toMatchObject({ state: "PENDING", lostCount: 1 });
      expect(await driver.task(ids[1] ?? "")).toMatchObject({ state: "DLQ", errorType: "WorkerLost" });
      await driver.begin(await driver.claimOne());
      expect(await driver.loseWorkers({ maxLostWorkers: 1 })).toEqual({ requeued: 0, buried: 1 });
    });

    it("never counts hand-backs as strikes", async () => {
      const driver = await open();
      const id = await driver.enqueue();
      for (let count = 0; count < 5; count++) {
        await driver.settle(await driver.claimOne(), release);
        await driver.claimOne();
        await driver.tasks.recover(workerId, []);
      }
      expect(await driver.task(id)).toMatchObject({ lostCount: 0, errorHistory: [] });
      expect(await driver.tasks.queueTaskIds("primary", 10)).toEqual([id]);
    });

    it("quotes a lost worker's last words", async () => {
      const opened = await openStores();
      const driver = new TaskDriver(opened);
      await driver.warmReaper();
      const id = await driver.enqueue();
      await driver.claimOne();
      const seenAt = driver.clock.now();
      await opened.stores.workers.beat({
        workerId,
        hostname: "host",
        pid: 1,
        version: "1",
        concurrency: 1,
        highPrioritySlots: 0,
        queues: ["primary"],
        types: ["echo"],
        isDraining: false,
        completed: 0,
        failed: 0,
        eventLoopLagMs: 12,
        memoryBytes: 300_000_000,
        claimLoopAgeMs: 0,
      });
      await driver.loseWorkers();
      const { lastError } = await driver.task(id);
      expect(lastError).toMatch(
        new RegExp(
          `^Worker ${workerId} was lost: it stopped extending its lease\\. It was last seen at ` +
            `${new Date(seenAt).toISOString().replaceAll(".", "\\.")}, with (286|300) MB of memory and 12 ms of event-loop lag\\.$`,
        ),
      );
    });
  });

  describe("prune", () => {
    it.each(resting)("removes what is %s and too old", async (state) => {
      const driver = await open();
      const { id: old } = await taskInState(driver, state);
      driver.clock.advance(1_000);
      const { id: young } = await taskInState(driver, state);
      driver.clock.advance(501);
      const policy = keep(state, { maxAgeMs: 1_500 });
      expect(await driver.tasks.prune(policy, 200)).toEqual({ pruned: 1 });
      expect(await driver.tasks.get(old)).toBeNull();
      expect((await driver.task(young)).state).toBe(state);
      expect((await driver.tasks.status()).states[state]).toBe(1);
      expect(await driver.tasks.prune(policy, 200)).toEqual({ pruned: 0 });
    });

    it.each(resting)("removes what is %s and too much, the oldest first", async (state) => {
      const driver = await open();
      const ids: string[] = [];
      for (let count = 0; count < 5; count++) {
        ids.push((await taskInState(driver, state)).id);
        driver.clock.advance(10);
      }
      expect(await driver.tasks.prune(keep(state, { maxCount: 2 }), 200)).toEqual({ pruned: 3 });
      const left = await Promise.all(ids.map((id) => driver.tasks.get(id)));
      expect(left.map((task) => task !== null)).toEqual([false, false, false, true, true]);
    });

    it.skipIf(isPartitioned)(
      "goes by completion, not by creation (each partition has an order of its own)",
      async () => {
        const driver = await open();
        const early = await driver.enqueue();
        const late = await driver.enqueue();
        const attempts = await driver.claim();
        for (const attempt of attempts.toReversed()) {
          await driver.settle(attempt, complete);
          driver.clock.advance(10);
        }
        await driver.tasks.prune(keep("COMPLETED", { maxCount: 1 }), 200);
        expect(await driver.tasks.get(late)).toBeNull();
        expect(await driver.tasks.get(early)).not.toBeNull();
      },
    );

    it("takes at most its limit over all collections", async () => {
      const driver = await open();
      for (const state of resting) {
        for (let count = 0; count < 3; count++) await taskInState(driver, state);
      }
      driver.clock.advance(1_000);
      const nothing = { maxAgeMs: 0, maxCount: 0 };
      const policy = { COMPLETED: nothing, FAILED: nothing, DLQ: nothing, CANCELLED: nothing };
      expect(await driver.tasks.prune(policy, 5)).toEqual({ pruned: 5 });
      expect(await driver.tasks.prune(policy, 5)).toEqual({ pruned: 5 });
      expect(await driver.tasks.prune(policy, 5)).toEqual({ pruned: 2 });
      expect(await driver.tasks.prune(policy, 5)).toEqual({ pruned: 0 });
    });

    it("leaves tasks that are not at rest, whatever their age", async () => {
      const driver = await open();
      for (const state of ["SCHEDULED", "ACTIVE", "PENDING"] as const) await taskInState(driver, state);
      driver.clock.advance(365 * 86_400_000);
      expect(await driver.tasks.prune(defaultRetention, 200)).toEqual({ pruned: 0 });
    });
  });
});

import { maxErrorLength } from "@workstream/core";
import { expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";
import { complete, failed, leaseMs, park, release, snooze, TaskDriver, workerId } from "../task-driver.ts";

describeStores("settling", (openStores, _kind, isPartitioned) => {
  const open = async () => new TaskDriver(await openStores());

  it("completes a task", async () => {
    const driver = await open();
    await driver.enqueue();
    const attempt = await driver.claimOne();
    const completedAt = driver.clock.advance(700);
    expect(await driver.settle(attempt, { kind: "complete", result: '{"a":"ü"}' })).toBe("settled");
    expect(await driver.task(attempt.id)).toMatchObject({
      state: "COMPLETED",
      result: '{"a":"ü"}',
      hasResult: true,
      completedAt,
      updatedAt: completedAt,
      startedAt: attempt.claimedAt,
      retryCount: 0,
      errorHistory: [],
    });
  });

  it("schedules the next try of a failed attempt", async () => {
    const driver = await open();
    await driver.enqueue();
    const attempt = await driver.claimOne();
    const failedAt = driver.clock.advance(10);
    const settlement = failed({ to: "SCHEDULED", delayMs: 2_500 }, "NetworkTimeout", "no answer");
    expect(await driver.settle(attempt, settlement)).toBe("settled");
    expect(await driver.task(attempt.id)).toMatchObject({
      state: "SCHEDULED",
      retryCount: 1,
      retryAfterAt: failedAt + 2_500,
      lastError: "no answer",
      errorType: "NetworkTimeout",
      completedAt: null,
      errorHistory: [
        {
          at: failedAt,
          error: "no answer",
          errorType: "NetworkTimeout",
          retryCount: 0,
          stateTransition: "ACTIVE → SCHEDULED",
          workerId,
        },
      ],
    });
  });

  it.each(["DLQ", "FAILED"] as const)("lays a failed task to rest in %s", async (to) => {
    const driver = await open();
    await driver.enqueue();
    const attempt = await driver.claimOne();
    const failedAt = driver.clock.advance(10);
    await driver.settle(attempt, failed({ to }, "PermanentError", "never works"));
    expect(await driver.task(attempt.id)).toMatchObject({
      state: to,
      retryCount: 0,
      retryAfterAt: null,
      completedAt: failedAt,
      lastError: "never works",
      errorType: "PermanentError",
      errorHistory: [
        {
          at: failedAt,
          error: "never works",
          errorType: "PermanentError",
          retryCount: 0,
          stateTransition: `ACTIVE → ${to}`,
          workerId,
        },
      ],
    });
  });

  it.each([
    ["snoozes", snooze(4_000)],
    ["parks", park(4_000)],
  ])("%s a task without using up an attempt", async (_, settlement) => {
    const driver = await open();
    await driver.enqueue();
    const attempt = await driver.claimOne();
    await driver.settle(attempt, settlement);
    expect(await driver.task(attempt.id)).toMatchObject({
      state: "SCHEDULED",
      retryCount: 0,
      retryAfterAt: driver.clock.now() + 4_000,
      errorHistory: [],
    });
    driver.clock.advance(4_000);
    await driver.tasks.promote(10);
    expect(await driver.claimOne()).toMatchObject({ id: attempt.id, attempt: 1, retryCount: 0 });
  });

  it("cancels a task at its handler's word", async () => {
    const driver = await open();
    const id = await driver.ran({ kind: "cancel", reason: "no longer needed" });
    expect(await driver.task(id)).toMatchObject({
      state: "CANCELLED",
      lastError: "no longer needed",
      completedAt: driver.clock.now(),
    });
  });

  it.skipIf(isPartitioned)(
    "puts a released task at the head of its lane, with no attempt used up (each partition has lanes of its own)",
    async () => {
      const driver = await open();
      const first = await driver.enqueue();
      const second = await driver.enqueue();
      await driver.settle(await driver.claimOne(), release);
      expect((await driver.task(first)).state).toBe("PENDING");
      const again = await driver.claim();
      expect(again.map(({ id, attempt }) => [id, attempt])).toEqual([
        [first, 1],
        [second, 1],
      ]);
    },
  );

  it.skipIf(isPartitioned)(
    "puts a released task that has failed at the head of the retry list (each partition has one)",
    async () => {
      const driver = await open();
      for (let count = 0; count < 2; count++) await driver.ran(failed({ to: "SCHEDULED", delayMs: 0 }));
      await driver.tasks.promote(10);
      const [first, second] = (await driver.tasks.queueTaskIds("retry", 10)) ?? [];
      const attempt = await driver.claimOne();
      expect(attempt).toMatchObject({ id: first, attempt: 2, retryCount: 1 });
      await driver.settle(attempt, release);
      expect(await driver.tasks.queueTaskIds("retry", 10)).toEqual([first, second]);
    },
  );

  it.each([
    ["complete", complete],
    ["fail to SCHEDULED", failed({ to: "SCHEDULED", delayMs: 10 })],
    ["fail to DLQ", failed({ to: "DLQ" })],
    ["fail to FAILED", failed({ to: "FAILED" })],
    ["snooze", snooze(10)],
    ["park", park(10)],
    ["cancel", { kind: "cancel", reason: "r" } as const],
    ["release", release],
  ])("answers `settled` to the same %s again, and does it once", async (_, settlement) => {
    const driver = await open();
    await driver.enqueue();
    const attempt = await driver.claimOne();
    expect(await driver.settle(attempt, settlement)).toBe("settled");
    const before = await driver.task(attempt.id);
    const status = await driver.tasks.status();
    driver.clock.advance(5);
    expect(await driver.settle(attempt, settlement)).toBe("settled");
    expect(await driver.settle(attempt, failed({ to: "DLQ" }))).toBe("settled");
    expect(await driver.task(attempt.id)).toEqual(before);
    expect(await driver.tasks.status()).toEqual(status);
  });

  it("settles many, each under its own lease, and claims in the same call", async () => {
    const driver = await open();
    await driver.enqueueMany(4);
    const attempts = await driver.claim({ limit: 3 });
    const [first, second, third] = attempts;
    const { outcomes, claimed } = await driver.tasks.settle(
      workerId,
      [
        { id: first?.id ?? "", token: first?.token ?? "", settlement: complete },
        { id: second?.id ?? "", token: "1", settlement: complete },
        { id: driver.tasks.mintId(), token: "1", settlement: complete },
        { id: third?.id ?? "", token: third?.token ?? "", settlement: failed({ to: "DLQ" }) },
      ],
      {
        workerId,
        queues: { primary: 5 },
        limit: 5,
        leaseMs,
        retryRatio: { normal: 0.3, warningDepth: 1000, criticalDepth: 5000 },
      },
    );
    expect(outcomes).toEqual(["settled", "lease_lost", "not_found", "settled"]);
    expect(claimed).toHaveLength(1);
    expect((await driver.tasks.status()).states).toMatchObject({ ACTIVE: 2, COMPLETED: 1, DLQ: 1 });
  });

  it("keeps the first and the newest 49 errors", async () => {
    const driver = await open();
    const id = await driver.enqueue({ maxRetries: 100 });
    for (let count = 0; count < 60; count++) {
      await driver.tasks.promote(1);
      const attempt = await driver.claimOne();
      await driver.settle(attempt, failed({ to: "SCHEDULED", delayMs: 0 }, "Default", `error ${count}`));
    }
    const { errorHistory, retryCount } = await driver.task(id);
    expect(retryCount).toBe(60);
    const errors = errorHistory.map(({ error }) => Number(error.slice("error ".length)));
    expect(errors).toEqual([0, ...Array.from({ length: 49 }, (_, n) => n + 11)]);
  });

  it("cuts a long error", async () => {
    const driver = await open();
    const id = await driver.ran(failed({ to: "DLQ" }, "Default", "é".repeat(maxErrorLength + 500)));
    const { lastError, errorHistory } = await driver.task(id);
    expect(lastError).toBe("é".repeat(maxErrorLength));
    expect(errorHistory[0]?.error).toBe(lastError);
  });
});

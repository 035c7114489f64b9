import { expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";
import {
  complete,
  failed,
  leaseMs,
  otherWorkerId,
  park,
  release,
  snooze,
  TaskDriver,
  workerId,
} from "../task-driver.ts";

describeStores("leases", (openStores) => {
  const open = async () => new TaskDriver(await openStores());

  it("gives a task out with a lease", async () => {
    const driver = await open();
    const id = await driver.enqueue({ type: "greet", content: "hi", metadata: '{"k":1}', timeoutMs: 5_000 });
    const createdAt = driver.clock.now();
    const claimedAt = driver.clock.advance(1_500);
    expect(await driver.claim()).toEqual([
      {
        id,
        token: expect.stringMatching(/^\d{16,}$/),
        type: "greet",
        queue: "primary",
        lane: "normal",
        contentKind: "text",
        content: "hi",
        metadata: '{"k":1}',
        attempt: 1,
        retryCount: 0,
        maxRetries: 3,
        timeoutMs: 5_000,
        createdAt,
        claimedAt,
        wasParked: false,
        freeFailures: 0,
        ageMs: 1_500,
      },
    ]);
    expect(await driver.task(id)).toMatchObject({
      state: "ACTIVE",
      workerId,
      startedAt: claimedAt,
      updatedAt: claimedAt,
      stateHistory: [
        { state: "PENDING", at: createdAt },
        { state: "ACTIVE", at: claimedAt },
      ],
    });
    expect(await driver.claim()).toEqual([]);
  });

  it("gives tasks out in the order in which they came", async () => {
    const driver = await open();
    const ids = await driver.enqueueMany(5);
    expect((await driver.claim({ limit: 3 })).map(({ id }) => id)).toEqual(ids.slice(0, 3));
    expect((await driver.claim()).map(({ id }) => id)).toEqual(ids.slice(3));
  });

  it("gives each task to one of many workers at once", async () => {
    const driver = await open();
    const ids = await driver.enqueueMany(60);
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, n) => driver.claim({ workerId: `host-${n}-x`, limit: 5 })),
    );
    const claimed = claims.flat().map(({ id }) => id);
    expect(claimed.toSorted()).toEqual(ids.toSorted());
  });

  it("makes tokens from the store's time in microseconds, or one more than the last", async () => {
    const driver = await open();
    await driver.enqueue();
    const first = await driver.claimOne();
    expect(first.token).toBe(String(driver.clock.now() * 1_000));
    await driver.settle(first, release);
    const second = await driver.claimOne();
    expect(second.token).toBe(String(driver.clock.now() * 1_000 + 1));
    await driver.settle(second, release);
    driver.clock.advance(-5_000);
    const third = await driver.claimOne();
    expect(BigInt(third.token)).toBe(BigInt(second.token) + 1n);
    await driver.settle(third, release);
    const now = driver.clock.advance(60_000);
    expect((await driver.claimOne()).token).toBe(String(now * 1_000));
  });

  it("refuses a wrong token and a wrong worker", async () => {
    const driver = await open();
    await driver.enqueue();
    const attempt = await driver.claimOne();
    const forged = { id: attempt.id, token: String(BigInt(attempt.token) + 1n) };
    expect(await driver.settle(forged, complete)).toBe("lease_lost");
    expect(await driver.settle({ ...forged, token: "none" }, complete)).toBe("lease_lost");
    expect(await driver.settle(attempt, complete, otherWorkerId)).toBe("lease_lost");
    expect(await driver.tasks.extend(workerId, [forged], leaseMs)).toEqual(["lease_lost"]);
    expect(await driver.tasks.extend(otherWorkerId, [attempt], leaseMs)).toEqual(["lease_lost"]);
    expect((await driver.task(attempt.id)).state).toBe("ACTIVE");
    expect(await driver.settle(attempt, complete)).toBe("settled");
    expect(await driver.tasks.extend(workerId, [attempt], leaseMs)).toEqual(["lease_lost"]);
  });

  it("refuses the lease of an earlier attempt", async () => {
    const driver = await open();
    await driver.enqueue();
    const first = await driver.claimOne();
    await driver.settle(first, release);
    const second = await driver.claimOne();
    expect(await driver.settle(first, complete)).toBe("lease_lost");
    await driver.settle(second, complete);
    expect(await driver.settle(first, failed({ to: "DLQ" }))).toBe("lease_lost");
    expect((await driver.task(first.id)).state).toBe("COMPLETED");
  });

  it("refuses a lease that was cancelled or reaped, and knows no task that was deleted", async () => {
    const driver = await open();
    await driver.warmReaper();
    await driver.enqueue();
    const cancelled = await driver.claimOne();
    await driver.tasks.cancel(cancelled.id, "");
    await driver.enqueue();
    const deleted = await driver.claimOne();
    await driver.tasks.delete(deleted.id);
    await driver.enqueue();
    const reaped = await driver.claimOne();
    await driver.loseWorkers();
    const attempts = [cancelled, deleted, reaped].map(({ id, token }) => ({ id, token }));
    const refused = ["lease_lost", "not_found", "lease_lost"];
    expect(await driver.tasks.extend(workerId, attempts, leaseMs)).toEqual(refused);
    const settled = await driver.tasks.settle(
      workerId,
      attempts.map((attempt) => ({ ...attempt, settlement: complete })),
    );
    expect(settled.outcomes).toEqual(refused);
    expect((await driver.task(cancelled.id)).state).toBe("CANCELLED");
    expect((await driver.task(reaped.id)).state).toBe("PENDING");
    expect(await driver.tasks.get(deleted.id)).toBeNull();
  });

  it("moves a lease that is extended, and only that", async () => {
    const driver = await open();
    await driver.warmReaper();
    await driver.enqueueMany(2);
    const [kept, lost] = await driver.claim();
    await driver.reapDuring(20_000);
    expect(
      await driver.tasks.extend(workerId, [{ id: kept?.id ?? "", token: kept?.token ?? "" }], leaseMs),
    ).toEqual(["extended"]);
    expect(await driver.reapDuring(15_000)).toEqual({ requeued: 1, buried: 0 });
    expect((await driver.task(kept?.id ?? "")).state).toBe("ACTIVE");
    expect((await driver.task(lost?.id ?? "")).state).toBe("PENDING");
    expect(await driver.reapDuring(15_001)).toEqual({ requeued: 1, buried: 0 });
  });

  it("keeps the progress that comes with an extension", async () => {
    const driver = await open();
    await driver.enqueue();
    const { id, token } = await driver.claimOne();
    await driver.tasks.extend(workerId, [{ id, token, progress: '{"page":1}' }], leaseMs);
    await driver.tasks.extend(workerId, [{ id, token }], leaseMs);
    expect((await driver.task(id)).progress).toBe('{"page":1}');
    await driver.tasks.extend(workerId, [{ id, token, progress: '{"page":2}' }], leaseMs);
    expect((await driver.task(id)).progress).toBe('{"page":2}');
  });

  it("hands back the claims that a worker does not know, and no others", async () => {
    const driver = await open();
    const ids = await driver.enqueueMany(4);
    const mine = await driver.claim({ limit: 3 });
    const [theirs] = await driver.claim({ workerId: otherWorkerId });
    expect(await driver.tasks.recover(workerId, mine.slice(0, 1))).toBe(2);
    expect(await driver.tasks.recover(workerId, mine.slice(0, 1))).toBe(0);
    expect((await driver.task(theirs?.id ?? "")).state).toBe("ACTIVE");
    const again = await driver.claim();
    expect(again.map(({ id, attempt }) => [id, attempt])).toEqual([
      [ids[1], 1],
      [ids[2], 1],
    ]);
    expect((await driver.task(ids[1] ?? "")).lostCount).toBe(0);
  });

  it("hands back a claim of a task that a worker knows by another lease alone", async () => {
    const driver = await open();
    const id = await driver.enqueue();
    const known = await driver.claimOne();
    await driver.settle(known, release);
    await driver.claimOne();
    expect(await driver.tasks.recover(workerId, [known])).toBe(1);
    expect(await driver.task(id)).toMatchObject({ state: "PENDING", lostCount: 0, retryCount: 0 });
    const current = await driver.claimOne();
    expect(current.attempt).toBe(1);
    expect(await driver.tasks.recover(workerId, [current, known])).toBe(0);
    expect(await driver.tasks.recover(workerId, [known, current])).toBe(0);
    expect(await driver.settle(current, complete)).toBe("settled");
  });

  it("hands back to the head, before what came later", async () => {
    const driver = await open();
    const claimed = await driver.enqueueMany(2);
    await driver.claim();
    const later = await driver.enqueueMany(2);
    await driver.tasks.recover(workerId, []);
    const ids = await driver.tasks.queueTaskIds("primary", 10);
    expect(ids?.slice(0, 2).toSorted()).toEqual(claimed);
    expect(ids?.slice(2)).toEqual(later);
  });

  it("counts age from when a task was first due, without the time it was parked", async () => {
    const driver = await open();
    await driver.enqueue({ delayMs: 10_000 });
    driver.clock.advance(10_000);
    await driver.tasks.promote(10);
    driver.clock.advance(300);
    const first = await driver.claimOne();
    expect(first.ageMs).toBe(300);
    await driver.settle(first, failed({ to: "SCHEDULED", delayMs: 1_000 }));
    driver.clock.advance(1_000);
    await driver.tasks.promote(10);
    const second = await driver.claimOne();
    expect(second.ageMs).toBe(1_300);
    await driver.settle(second, park(50_000));
    driver.clock.advance(50_000);
    await driver.tasks.promote(10);
    driver.clock.advance(7);
    const third = await driver.claimOne();
    expect(third.ageMs).toBe(1_307);
    await driver.settle(third, snooze(2_000));
    driver.clock.advance(2_000);
    await driver.tasks.promote(10);
    expect((await driver.claimOne()).ageMs).toBe(3_307);
  });

  it("numbers attempts by failures and lost workers", async () => {
    const driver = await open();
    await driver.warmReaper();
    await driver.enqueue();
    const attempts: number[] = [];
    const next = async () => {
      await driver.tasks.promote(10);
      const attempt = await driver.claimOne();
      attempts.push(attempt.attempt);
      return attempt;
    };
    await driver.settle(await next(), release);
    await driver.settle(await next(), failed({ to: "SCHEDULED", delayMs: 0 }));
    await driver.settle(await next(), snooze(0));
    await next();
    await driver.loseWorkers();
    await driver.settle(await next(), complete);
    expect(attempts).toEqual([1, 1, 2, 2, 3]);
  });
});

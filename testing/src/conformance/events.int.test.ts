import type { StoreEvents, TaskChange, TaskState } from "@workstream/core";
import { expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";
import type { OpenedStores } from "../store-source.ts";
import { complete, failed, release, snooze, TaskDriver } from "../task-driver.ts";
import { until } from "../until.ts";

/** Collects what the feed says; `settled` waits until the feed has caught up with the store. */
class Listener {
  readonly messages: StoreEvents[] = [];
  readonly #driver: TaskDriver;

  constructor(driver: TaskDriver) {
    this.#driver = driver;
  }

  get changes(): TaskChange[] {
    return this.messages.flatMap(({ changes }) => changes);
  }

  /** The steps one task took, as "PENDING→ACTIVE". */
  steps(id: string): string[] {
    return this.changes
      .filter((change) => change.id === id)
      .map(({ oldState, newState }) => `${oldState}→${newState}`);
  }

  /** Enqueues a task of its own and waits until it is told; whatever came before was told before. */
  async settled(): Promise<void> {
    const id = await this.#driver.enqueue({ queue: "barrier" });
    await until("the feed", () => this.changes.some((change) => change.id === id));
  }
}

async function listen(opened: OpenedStores): Promise<{ listener: Listener; close(): Promise<void> }> {
  const listener = new Listener(new TaskDriver(opened));
  const subscription = await opened.stores.events.subscribe({
    onEvents: (events) => listener.messages.push(events),
    onGap: () => {},
  });
  return { listener, close: subscription.close };
}

describeStores("events", (openStores) => {
  const open = async () => {
    const opened = await openStores();
    return { ...opened, driver: new TaskDriver(opened), ...(await listen(opened)) };
  };

  it("tells of every change of a task", async () => {
    const { driver, clock, listener } = await open();
    const id = await driver.enqueue({ type: "greet" });
    const createdAt = clock.now();
    const claimedAt = clock.advance(5);
    const attempt = await driver.claimOne();
    const completedAt = clock.advance(5);
    await driver.settle(attempt, complete);
    await driver.tasks.delete(id);
    await listener.settled();
    expect(listener.changes.filter((change) => change.id === id)).toEqual([
      { id, type: "greet", oldState: null, newState: "PENDING", at: createdAt },
      { id, type: "greet", oldState: "PENDING", newState: "ACTIVE", at: claimedAt },
      { id, type: "greet", oldState: "ACTIVE", newState: "COMPLETED", at: completedAt },
      { id, type: "greet", oldState: "COMPLETED", newState: null, at: completedAt },
    ]);
  });

  it("tells of every kind of step, each going on where the last one ended", async () => {
    const { driver, clock, listener } = await open();
    await driver.warmReaper();
    const id = await driver.enqueue({ delayMs: 10 });
    clock.advance(10);
    await driver.tasks.promote(10);
    await driver.settle(await driver.claimOne(), snooze(0));
    await driver.tasks.promote(10);
    await driver.settle(await driver.claimOne(), failed({ to: "SCHEDULED", delayMs: 0 }));
    await driver.tasks.promote(10);
    await driver.settle(await driver.claimOne(), release);
    await driver.claimOne();
    await driver.loseWorkers();
    await driver.settle(await driver.claimOne(), failed({ to: "DLQ" }));
    await driver.tasks.retry(id, { resetRetryCount: true });
    await driver.tasks.cancel(id, "");
    await listener.settled();
    const told = listener.changes.filter((change) => change.id === id);
    expect(told.map(({ newState }) => newState).filter((state) => state !== "FAILED")).toEqual(
      [
        "SCHEDULED PENDING ACTIVE SCHEDULED PENDING ACTIVE SCHEDULED PENDING ACTIVE PENDING",
        "ACTIVE PENDING ACTIVE DLQ PENDING CANCELLED",
      ]
        .join(" ")
        .split(" "),
    );
    const froms = told.map(({ oldState }) => oldState);
    expect(froms).toEqual([null, ...told.slice(0, -1).map(({ newState }) => newState)]);
  });

  it("ends every message with the counts as they are then", async () => {
    const { driver, listener, tasks } = await open();
    await driver.enqueueMany(3, { delayMs: 1 });
    await driver.ran(failed({ to: "DLQ" }), { queue: "mail" });
    await listener.settled();
    expect(listener.messages.at(-1)?.status).toEqual(await tasks.status());
    for (const { changes, status, at } of listener.messages) {
      expect(changes.length).toBeGreaterThan(0);
      expect(at).toBe(driver.clock.now());
      expect(Object.values(status.states).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(5);
    }
  });

  it("tells of at most 100 changes a message, with the final counts all the same", async () => {
    const { driver, listener } = await open();
    await driver.enqueueMany(260);
    await until("the counts", () => listener.messages.at(-1)?.status.states.PENDING === 260);
    const claimed = await driver.claim({ queues: { primary: 150 }, limit: 150 });
    expect(claimed).toHaveLength(150);
    await until("the claims", () => listener.messages.at(-1)?.status.states.ACTIVE === 150);
    for (const { changes } of listener.messages) expect(changes.length).toBeLessThanOrEqual(100);
    expect(listener.messages.at(-1)?.status.states).toMatchObject({ PENDING: 110, ACTIVE: 150 });
    expect(listener.changes.length).toBeGreaterThanOrEqual(100);
  });

  it("says nothing of what changed nothing", async () => {
    const { driver, listener } = await open();
    const id = await driver.ran(complete);
    await listener.settled();
    const { length } = listener.messages;
    await driver.tasks.cancel(id, "");
    await driver.tasks.delete(driver.tasks.mintId());
    await driver.claim();
    await driver.tasks.promote(10);
    await listener.settled();
    expect(listener.messages.slice(length).flatMap(({ changes }) => changes)).toHaveLength(1);
  });

  it("tells every subscriber, until it closes", async () => {
    const opened = await open();
    const second = await listen(opened);
    await opened.driver.enqueue();
    await Promise.all([opened.listener.settled(), second.listener.settled()]);
    const { length } = second.listener.messages;
    await second.close();
    const id = await opened.driver.enqueue();
    await until("the first subscriber", () => opened.listener.steps(id).length > 0);
    expect(second.listener.messages.slice(length).flatMap(({ changes }) => changes)).not.toContainEqual(
      expect.objectContaining({ id }),
    );
    expect(second.listener.steps(id)).toEqual([]);
  });

  it("adds up: the changes of a random hour lead to the states that the store holds", async () => {
    const { driver, listener, tasks, clock } = await open();
    const ids: string[] = [];
    for (let round = 0; round < 12; round++) {
      ids.push(...(await driver.enqueueMany(3, round % 3 === 0 ? { delayMs: 500 } : {})));
      const claimed = await driver.claim({ limit: 2 });
      const ways = [complete, failed({ to: "SCHEDULED", delayMs: 100 }), release, failed({ to: "FAILED" })];
      for (const attempt of claimed) await driver.settle(attempt, ways[round % 4] ?? complete);
      if (round % 5 === 4) await tasks.cancel(ids[round] ?? "", "");
      if (round % 4 === 3) await tasks.delete(ids[round] ?? "");
      clock.advance(100);
      await tasks.promote(3);
    }
    await listener.settled();
    const states = new Map<string, TaskState | null>();
    for (const { id, newState } of listener.changes) states.set(id, newState);
    for (const id of ids) expect(states.get(id)).toBe((await tasks.get(id))?.state ?? null);
  });
});

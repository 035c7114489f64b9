import { describe, expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";
import { claimRequest, failed, release, snooze, TaskDriver, workerId } from "../task-driver.ts";

/** Longest wait that the port allows; a wait that is woken ends long before. */
const timeoutMs = 2_000;

describeStores("wake-up", (openStores, _kind, isPartitioned) => {
  const open = async () => new TaskDriver(await openStores());

  /** How long a wait took, ms. `forMs` bounds it. */
  async function wait(
    driver: TaskDriver,
    queues: string[],
    forMs: number,
    signal?: AbortSignal,
  ): Promise<number> {
    const startedAt = performance.now();
    await driver.tasks.waitForWork(queues, forMs, signal ?? new AbortController().signal);
    return performance.now() - startedAt;
  }

  /** Takes the tokens that setting up has left behind. */
  async function quiet(driver: TaskDriver, ...queues: string[]): Promise<void> {
    for (const queue of queues) while ((await wait(driver, [queue], 100)) < 90);
  }

  it("waits in vain when there is nothing", async () => {
    const driver = await open();
    expect(await wait(driver, ["primary", "mail"], 200)).toBeGreaterThanOrEqual(190);
  });

  it("does not wait when work came before", async () => {
    const driver = await open();
    await driver.enqueue();
    expect(await wait(driver, ["primary"], timeoutMs)).toBeLessThan(1_000);
  });

  it("ends at once when its signal says so, before or meanwhile", async () => {
    const driver = await open();
    const meanwhile = new AbortController();
    const waiting = wait(driver, ["primary"], timeoutMs, meanwhile.signal);
    meanwhile.abort();
    expect(await waiting).toBeLessThan(1_000);
    expect(await wait(driver, ["primary"], timeoutMs, AbortSignal.abort())).toBeLessThan(1_000);
    const id = await driver.enqueue();
    expect(await wait(driver, ["primary"], timeoutMs)).toBeLessThan(1_000);
    expect((await driver.claimOne()).id).toBe(id);
  });

  describe("is woken by", () => {
    type Story = {
      before?(driver: TaskDriver): Promise<unknown>;
      wake(driver: TaskDriver): Promise<unknown>;
    };
    const active = async (driver: TaskDriver) => {
      await driver.enqueue();
      return driver.claimOne();
    };
    const stories: Record<string, Story> = {
      enqueue: { wake: (driver) => driver.enqueue() },
      "a batch": { wake: (driver) => driver.enqueueMany(300) },
      "a task of high priority": { wake: (driver) => driver.enqueue({ priority: "high" }) },
      promote: {
        before: (driver) => driver.enqueue({ delayMs: 10 }),
        async wake(driver) {
          driver.clock.advance(10);
          await driver.tasks.promote(1);
        },
      },
      "promote of a retry": {
        before: (driver) => driver.ran(failed({ to: "SCHEDULED", delayMs: 0 })),
        wake: (driver) => driver.tasks.promote(1),
      },
      "promote of a snoozed task": {
        before: (driver) => driver.ran(snooze(0)),
        wake: (driver) => driver.tasks.promote(1),
      },
      reap: {
        async before(driver) {
          await active(driver);
          driver.clock.advance(1);
        },
        wake: (driver) => driver.warmReaper(),
      },
      release: {
        before: active,
        async wake(driver) {
          const [id] = (await driver.tasks.list(activeTasks)).tasks.map((task) => task.id);
          const token = String(driver.clock.now() * 1_000);
          expect(await driver.settle({ id: id ?? "", token }, release)).toBe("settled");
        },
      },
      recover: { before: active, wake: (driver) => driver.tasks.recover(workerId, []) },
      retry: {
        before: (driver) => driver.ran(failed({ to: "DLQ" })),
        async wake(driver) {
          const [dead] = await driver.tasks.deadLetters(1);
          await driver.tasks.retry(dead?.id ?? "", { resetRetryCount: true });
        },
      },
      resume: {
        async before(driver) {
          await driver.tasks.pause("primary");
          await driver.enqueue();
        },
        wake: (driver) => driver.tasks.resume("primary"),
      },
      requeueOrphaned: {
        async before(driver) {
          await active(driver);
          driver.clock.advance(60_000);
        },
        wake: (driver) => driver.tasks.requeueOrphaned(),
      },
    };
    it.each(Object.keys(stories))("%s", async (name) => {
      const driver = await open();
      await stories[name]?.before?.(driver);
      await quiet(driver, "primary");
      const waiting = wait(driver, ["primary"], timeoutMs);
      await stories[name]?.wake(driver);
      expect(await waiting).toBeLessThan(1_500);
      expect(await driver.claim()).not.toEqual([]);
    });
  });

  it("is woken by its own queues only", async () => {
    const driver = await open();
    await driver.enqueue({ queue: "mail" });
    expect(await wait(driver, ["primary", "other"], 200)).toBeGreaterThanOrEqual(190);
    const waiting = wait(driver, ["primary", "mail"], timeoutMs);
    expect(await waiting).toBeLessThan(1_000);
    await quiet(driver, "mail");
    await driver.enqueue();
    expect(await wait(driver, ["mail"], 200)).toBeGreaterThanOrEqual(190);
  });

  it("is woken for the retries of a named queue by that queue", async () => {
    const driver = await open();
    await driver.ran(failed({ to: "SCHEDULED", delayMs: 0 }), { queue: "mail" });
    await quiet(driver, "mail", "primary");
    await driver.tasks.promote(1);
    expect(await wait(driver, ["primary"], 200)).toBeGreaterThanOrEqual(190);
    expect(await wait(driver, ["mail"], timeoutMs)).toBeLessThan(1_000);
  });

  it.skipIf(isPartitioned)(
    "wakes the next worker when a claim leaves work behind (each partition has a token)",
    async () => {
      const driver = await open();
      await driver.enqueueMany(3);
      await quiet(driver, "primary");
      await driver.claim({ limit: 1 });
      expect(await wait(driver, ["primary"], timeoutMs)).toBeLessThan(1_000);
      await driver.claim({ limit: 2 });
      await quiet(driver, "primary");
      expect(await driver.claim()).toEqual([]);
      expect(await wait(driver, ["primary"], 200)).toBeGreaterThanOrEqual(190);
    },
  );

  it.skipIf(isPartitioned)("leaves one token however much comes (each partition has a token)", async () => {
    const driver = await open();
    for (let count = 0; count < 5; count++) await driver.enqueue();
    expect(await wait(driver, ["primary"], timeoutMs)).toBeLessThan(1_000);
    expect(await wait(driver, ["primary"], 200)).toBeGreaterThanOrEqual(190);
  });

  it("wakes one of several waiting workers for one task", async () => {
    const driver = await open();
    const ended = new AbortController();
    const waits = [0, 1, 2].map(() => driver.tasks.waitForWork(["primary"], timeoutMs, ended.signal));
    await driver.enqueue();
    await Promise.race(waits);
    expect(await driver.claim()).toHaveLength(1);
    ended.abort();
    await Promise.all(waits);
  });
});

describeStores("a claim that waits", (openStores) => {
  const open = async () => new TaskDriver(await openStores());
  const ids = (driver: TaskDriver, forMs: number, signal = new AbortController().signal) =>
    driver.tasks.claimAfterWait(claimRequest(), forMs, signal).then((claimed) => claimed.map(({ id }) => id));
  /** Work that no token tells of. */
  async function enqueueSilently(driver: TaskDriver): Promise<string> {
    const id = await driver.enqueue();
    await driver.tasks.waitForWork(["primary"], 100, new AbortController().signal);
    return id;
  }

  it("takes what comes", async () => {
    const driver = await open();
    const waiting = ids(driver, timeoutMs);
    const id = await driver.enqueue();
    expect(await waiting).toEqual([id]);
    expect((await driver.task(id)).state).toBe("ACTIVE");
  });

  it("claims when its time is over, and when its wait is ended", async () => {
    const driver = await open();
    const first = await enqueueSilently(driver);
    expect(await ids(driver, 100)).toEqual([first]);
    const second = await enqueueSilently(driver);
    const ended = new AbortController();
    const startedAt = performance.now();
    const waiting = ids(driver, timeoutMs, ended.signal);
    ended.abort();
    expect(await waiting).toEqual([second]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(await ids(driver, timeoutMs, AbortSignal.abort())).toEqual([]);
  });
});

const activeTasks = {
  filter: { state: "ACTIVE" },
  sortBy: "created_at",
  sortOrder: "asc",
  position: { offset: 0 },
  limit: 1,
  withBodies: false,
} as const;

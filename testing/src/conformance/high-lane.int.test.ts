import { expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";
import { claimRequest, failed, release, TaskDriver } from "../task-driver.ts";

/** Longest wait that the port allows; one that is woken ends long before. */
const timeoutMs = 2_000;
const wokenMs = 1_000;
const inVainMs = 150;
const never = new AbortController().signal;
const high = { priority: "high" } as const;

describeStores("claims from the high lane alone", (openStores, _kind, isPartitioned) => {
  const open = async () => new TaskDriver(await openStores());
  const ids = async (driver: TaskDriver, queues: Record<string, number>, limit: number) =>
    (await driver.claim({ queues, limit, lane: "high" })).map(({ id }) => id);

  it.skipIf(isPartitioned)("take the oldest of high priority, and nothing else", async () => {
    const driver = await open();
    const retried = await driver.ran(failed({ to: "SCHEDULED", delayMs: 0 }), high);
    await driver.tasks.promote(1);
    await driver.enqueue();
    const [first, second, third] = [
      await driver.enqueue(high),
      await driver.enqueue(high),
      await driver.enqueue(high),
    ];
    await driver.enqueue({ priority: "low" });
    expect(await ids(driver, { primary: 2 }, 2)).toEqual([first, second]);
    expect(await ids(driver, { primary: 9 }, 9)).toEqual([third]);
    expect(await ids(driver, { primary: 9 }, 9)).toEqual([]);
    expect((await driver.claim({ queues: { primary: 9 }, limit: 9 })).map(({ id }) => id)).toContain(retried);
  });

  it("say so, hold leases like any other, and keep to the limit over all queues", async () => {
    const driver = await open();
    await driver.enqueue(high);
    await driver.enqueue({ ...high, queue: "mail" });
    await driver.enqueue({ ...high, queue: "mail" });
    const claimed = await driver.claim({ queues: { mail: 1, primary: 5 }, limit: 2, lane: "high" });
    expect(claimed.map(({ queue, lane }) => [queue, lane])).toEqual([
      ["mail", "high"],
      ["primary", "high"],
    ]);
    for (const { id } of claimed) expect((await driver.task(id)).state).toBe("ACTIVE");
  });

  it("leave shares as they are", async () => {
    const driver = await open();
    await driver.enqueueMany(100, { priority: "low" });
    await driver.enqueueMany(100, high);
    let low = 0;
    for (let round = 1; round <= 30; round++) {
      await driver.claim({ limit: 1, lane: "high" });
      const [task] = await driver.claim({ limit: 1 });
      if (task?.lane === "low") low += 1;
      expect(low).toBe(Math.floor(round / 10));
    }
  });

  it("pass over what has expired, and none from another lane takes its place", async () => {
    const driver = await open();
    await driver.enqueue({ ...high, expiresInMs: 10 });
    const lasting = await driver.enqueue(high);
    await driver.enqueue();
    driver.clock.advance(10);
    expect(await ids(driver, { primary: 2 }, 2)).toEqual([lasting]);
  });

  it("take nothing from a paused queue", async () => {
    const driver = await open();
    await driver.enqueue(high);
    await driver.tasks.pause("primary");
    expect(await ids(driver, { primary: 2 }, 2)).toEqual([]);
  });
});

describeStores("a wait for the high lane alone", (openStores, _kind, isPartitioned) => {
  const open = async () => new TaskDriver(await openStores());

  async function wait(driver: TaskDriver, queues: string[], forMs: number): Promise<number> {
    const startedAt = performance.now();
    await driver.tasks.waitForWork(queues, forMs, never, "high");
    return performance.now() - startedAt;
  }

  const isWoken = async (driver: TaskDriver, queues = ["primary"]) =>
    (await wait(driver, queues, timeoutMs)) < wokenMs;
  const waitsInVain = async (driver: TaskDriver, queues = ["primary"]) =>
    (await wait(driver, queues, inVainMs)) >= inVainMs - 10;

  const wakers: Record<string, (driver: TaskDriver) => Promise<unknown>> = {
    "a task of high priority": (driver) => driver.enqueue(high),
    "a batch with one": (driver) => driver.enqueueMany(300, high),
    "one with a time limit of its own": (driver) => driver.enqueue({ ...high, timeoutMs: 5_000 }),
    async "one that is promoted"(driver) {
      await driver.enqueue({ ...high, delayMs: 10 });
      expect(await waitsInVain(driver)).toBe(true);
      driver.clock.advance(10);
      await driver.tasks.promote(1);
    },
    async "one that is handed back"(driver) {
      await driver.enqueue(high);
      const task = await driver.claimOne();
      expect(await isWoken(driver)).toBe(true);
      expect(await waitsInVain(driver)).toBe(true);
      await driver.settle(task, release);
    },
    async "a queue that is resumed"(driver) {
      await driver.tasks.pause("primary");
      await driver.enqueue(high);
      expect(await waitsInVain(driver)).toBe(true);
      await driver.tasks.resume("primary");
    },
    async "a claim that leaves one behind"(driver) {
      await driver.enqueueMany(3, high);
      expect(await isWoken(driver)).toBe(true);
      await driver.claim({ limit: 1, lane: "high" });
    },
  };

  for (const [name, wake] of Object.entries(wakers)) {
    it(`is woken by ${name}`, async () => {
      const driver = await open();
      await wake(driver);
      expect(await isWoken(driver)).toBe(true);
    });
  }

  it("is not woken by anything else", async () => {
    const driver = await open();
    await driver.enqueue();
    await driver.enqueue({ priority: "low" });
    await driver.enqueue({ ...high, queue: "mail" });
    await driver.ran(failed({ to: "SCHEDULED", delayMs: 0 }));
    await driver.tasks.promote(1);
    await driver.claim({ limit: 1 });
    await driver.claim({ limit: 1, lane: "high" });
    expect(await waitsInVain(driver)).toBe(true);
    expect(await isWoken(driver, ["primary", "mail"])).toBe(true);
  });

  it("is not woken by a claim that met but one of high priority that has expired", async () => {
    const driver = await open();
    await driver.enqueue({ ...high, expiresInMs: 10 });
    await driver.enqueueMany(3);
    expect(await isWoken(driver)).toBe(true);
    driver.clock.advance(10);
    await driver.claim({ limit: 1 });
    expect(await waitsInVain(driver)).toBe(true);
  });

  it("leaves the token of the whole queue to others", async () => {
    const driver = await open();
    await driver.enqueue(high);
    expect(await isWoken(driver)).toBe(true);
    const startedAt = performance.now();
    await driver.tasks.waitForWork(["primary"], timeoutMs, never);
    expect(performance.now() - startedAt).toBeLessThan(wokenMs);
  });

  it.skipIf(isPartitioned)(
    "is over when a claim took all that was there, whatever waits in other lanes",
    async () => {
      const driver = await open();
      await driver.enqueueMany(2, high);
      await driver.enqueueMany(5);
      expect(await isWoken(driver)).toBe(true);
      expect(await driver.claim({ queues: { primary: 2 }, limit: 2, lane: "high" })).toHaveLength(2);
      expect(await waitsInVain(driver)).toBe(true);
    },
  );

  it("is followed by a claim from that lane", async () => {
    const driver = await open();
    await driver.enqueue();
    const waiting = driver.tasks.claimAfterWait(claimRequest({ lane: "high" }), timeoutMs, never);
    const id = await driver.enqueue(high);
    expect((await waiting).map((task) => task.id)).toEqual([id]);
    expect(await driver.tasks.claimAfterWait(claimRequest({ lane: "high" }), 50, never)).toEqual([]);
  });
});

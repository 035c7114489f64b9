import { latencyBucket, metricsKeptMs } from "@workstream/core";
import { expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";
import { complete, failed, leaseMs, release, TaskDriver } from "../task-driver.ts";

const minute = 60_000;

describeStores("metrics", (openStores, kind) => {
  const open = async () => {
    const opened = await openStores();
    return { ...opened, metrics: opened.stores.metrics, driver: new TaskDriver(opened) };
  };

  it("counts what happened by the minute", async () => {
    const { driver, metrics, clock, tasks } = await open();
    const startedAt = clock.now();
    await driver.ran(complete);
    await driver.ran(complete);
    await driver.ran(failed({ to: "DLQ" }));
    await driver.enqueue({ delayMs: 10 * minute });
    clock.advance(2 * minute);
    await driver.ran(failed({ to: "FAILED" }));
    await tasks.cancel(await driver.enqueue(), "");
    await driver.ran(failed({ to: "SCHEDULED", delayMs: minute }));
    await driver.ran(release);
    clock.advance(minute);
    await tasks.promote(10);
    const nothing = {
      created: 0,
      completed: 0,
      failed: 0,
      cancelled: 0,
      retried: 0,
      buried: 0,
      promoted: 0,
    };
    expect(await metrics.throughput(60)).toEqual([
      { ...nothing, minuteAt: startedAt, created: 4, completed: 2, failed: 1, buried: 1 },
      { ...nothing, minuteAt: startedAt + 2 * minute, created: 4, failed: 1, cancelled: 1, retried: 1 },
      { ...nothing, minuteAt: startedAt + 3 * minute, promoted: 1 },
    ]);
  });

  it("counts a batch, an expiry and a burial", async () => {
    const { driver, metrics, clock } = await open();
    await driver.warmReaper();
    await driver.enqueueMany(300, { queue: "mail" });
    await driver.enqueue({ expiresInMs: 1 });
    clock.advance(1);
    await driver.claim();
    await driver.enqueue();
    for (let strike = 0; strike < 3; strike++) {
      await driver.begin(await driver.claimOne());
      await driver.reapDuring(leaseMs + 1);
    }
    const minutes = await metrics.throughput(60);
    const sum = (name: "created" | "completed" | "failed" | "cancelled" | "buried") =>
      minutes.reduce((total, { [name]: count }) => total + count, 0);
    const sums = [sum("created"), sum("completed"), sum("failed"), sum("cancelled"), sum("buried")];
    expect(sums).toEqual([302, 0, 1, 1, 1]);
  });

  it("counts a settlement once, however often it is repeated", async () => {
    const { driver, metrics } = await open();
    await driver.enqueue();
    const attempt = await driver.claimOne();
    for (let count = 0; count < 3; count++) await driver.settle(attempt, complete);
    expect(await metrics.throughput(1)).toMatchObject([{ completed: 1 }]);
    expect((await metrics.latency(1))[0]?.total).toEqual(new Map([[0, 1]]));
  });

  it("looks back only as far as asked, the current minute included", async () => {
    const { driver, metrics, clock } = await open();
    const startedAt = clock.now();
    for (let count = 0; count < 4; count++) {
      await driver.enqueue();
      clock.advance(minute);
    }
    clock.advance(-1);
    const minutes = async (n: number) =>
      (await metrics.throughput(n)).map(({ minuteAt }) => minuteAt - startedAt);
    expect(await minutes(1)).toEqual([3 * minute]);
    expect(await minutes(2)).toEqual([2 * minute, 3 * minute]);
    expect(await minutes(1_440)).toEqual([0, minute, 2 * minute, 3 * minute]);
  });

  it("measures wait, run and total of completed tasks", async () => {
    const { driver, metrics, clock } = await open();
    const minuteAt = clock.now();
    const runs = [
      [0, 0],
      [1, 0],
      [2, 1],
      [100, 900],
      [1_000, 3],
      [3_000, 30_000],
    ] as const;
    const histograms = { total: new Map(), wait: new Map(), run: new Map() };
    const add = (name: keyof typeof histograms, ms: number) => {
      const bucket = latencyBucket(ms);
      histograms[name].set(bucket, (histograms[name].get(bucket) ?? 0) + 1);
    };
    for (const [waitMs, runMs] of runs) {
      await driver.enqueue();
      clock.advance(waitMs);
      const attempt = await driver.claimOne();
      clock.advance(runMs);
      await driver.settle(attempt, complete);
      add("wait", waitMs);
      add("run", runMs);
      add("total", waitMs + runMs);
    }
    expect(await metrics.latency(60)).toEqual([{ minuteAt, ...histograms, sumMs: 35_007, maxMs: 33_000 }]);
  });

  it("puts durations into the buckets that core computes, at their edges too", async () => {
    const { driver, metrics, clock } = await open();
    const durations = [
      0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 511, 512, 1_023, 1_024, 2_048,
    ];
    const expected = new Map<number, number>();
    const ids = await driver.enqueueMany(durations.length);
    const attempts = await driver.claim({ queues: { primary: 50 }, limit: 50 });
    let passedMs = 0;
    for (const [index, ms] of durations.entries()) {
      clock.advance(ms - passedMs);
      passedMs = ms;
      const { token } = attempts[index] ?? { token: "" };
      await driver.settle({ id: ids[index] ?? "", token }, complete);
      expected.set(latencyBucket(ms), (expected.get(latencyBucket(ms)) ?? 0) + 1);
    }
    const [first] = await metrics.latency(1);
    expect(first?.run).toEqual(expected);
    expect(first?.wait).toEqual(new Map([[0, durations.length]]));
  });

  it("says nothing about minutes in which nothing happened", async () => {
    const { metrics } = await open();
    expect(await metrics.throughput(60)).toEqual([]);
    expect(await metrics.latency(60)).toEqual([]);
  });

  it.skipIf(kind === "redis")(
    "forgets after 48 hours (on Redis a TTL does it, on the server's own clock)",
    async () => {
      const { driver, metrics, clock, tasks } = await open();
      await driver.ran(complete);
      clock.advance(metricsKeptMs + minute);
      await driver.enqueue();
      const keepAll = { maxAgeMs: 1e12, maxCount: 1e6 };
      await tasks.prune({ COMPLETED: keepAll, FAILED: keepAll, DLQ: keepAll, CANCELLED: keepAll }, 200);
      expect(await metrics.throughput(10_000)).toHaveLength(1);
      expect(await metrics.latency(10_000)).toEqual([]);
    },
  );
});

import { heartbeatTtlMs, staleAfterMs, type WorkerBeat } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";
import { complete, otherWorkerId, TaskDriver, workerId } from "../task-driver.ts";
import { until } from "../until.ts";

function beat(overrides: Partial<WorkerBeat> = {}): WorkerBeat {
  return {
    workerId,
    hostname: "host",
    pid: 1234,
    version: "0.1.0",
    concurrency: 8,
    highPrioritySlots: 1,
    queues: ["primary", "mail"],
    types: ["echo", "greet"],
    isDraining: false,
    completed: 5,
    failed: 2,
    eventLoopLagMs: 1.5,
    memoryBytes: 123_456_789,
    claimLoopAgeMs: 40,
    ...overrides,
  };
}

describeStores("workers", (openStores) => {
  const open = async () => {
    const opened = await openStores();
    return { ...opened, workers: opened.stores.workers, driver: new TaskDriver(opened) };
  };

  it("lists a worker as it last beat", async () => {
    const { workers, clock } = await open();
    expect(await workers.list()).toEqual([]);
    await workers.beat(beat({ completed: 1 }));
    clock.advance(10_000);
    await workers.beat(beat());
    const lastBeatAt = clock.now();
    clock.advance(250);
    expect(await workers.list()).toEqual([{ ...beat(), lastBeatAt, beatAgeMs: 250, activeTaskIds: [] }]);
  });

  it("tells what a worker is running", async () => {
    const { workers, driver } = await open();
    await workers.beat(beat());
    await workers.beat(beat({ workerId: otherWorkerId }));
    const ids = await driver.enqueueMany(3);
    const [first] = await driver.claim({ limit: 2 });
    await driver.claim({ workerId: otherWorkerId });
    const running = async () =>
      Object.fromEntries(
        (await workers.list()).map((worker) => [worker.workerId, worker.activeTaskIds.toSorted()]),
      );
    expect(await running()).toEqual({ [workerId]: ids.slice(0, 2), [otherWorkerId]: [ids[2]] });
    await driver.settle({ id: first?.id ?? "", token: first?.token ?? "" }, complete);
    await driver.tasks.cancel(ids[2] ?? "", "");
    expect(await running()).toEqual({ [workerId]: [ids[1]], [otherWorkerId]: [] });
  });

  it("keeps a silent worker on the list for an hour", async () => {
    const { workers, clock } = await open();
    await workers.beat(beat());
    clock.advance(staleAfterMs + 1);
    expect((await workers.list()).map(({ beatAgeMs }) => beatAgeMs)).toEqual([staleAfterMs + 1]);
    clock.advance(heartbeatTtlMs);
    expect(await workers.list()).toHaveLength(1);
    clock.set(clock.now() + 3_600_000);
    expect(await workers.list()).toEqual([]);
  });

  it("takes a worker that left off the list", async () => {
    const { workers } = await open();
    await workers.beat(beat());
    await workers.beat(beat({ workerId: otherWorkerId }));
    await workers.leave(workerId);
    expect((await workers.list()).map((worker) => worker.workerId)).toEqual([otherWorkerId]);
    await workers.leave(workerId);
    await workers.beat(beat());
    expect(await workers.list()).toHaveLength(2);
  });

  it("lists at most the number asked", async () => {
    const { workers } = await open();
    for (let n = 0; n < 5; n++) await workers.beat(beat({ workerId: `host-${n}-x` }));
    expect(await workers.list(3)).toHaveLength(3);
    expect(await workers.list()).toHaveLength(5);
  });

  describe("onRevoked", () => {
    it("tells a worker of its tasks that were cancelled or deleted, and no other worker", async () => {
      const { workers, driver } = await open();
      const mine: string[] = [];
      const theirs: string[] = [];
      await workers.onRevoked(workerId, (ids) => mine.push(...ids));
      await workers.onRevoked(otherWorkerId, (ids) => theirs.push(...ids));
      const ids = await driver.enqueueMany(4);
      await driver.claim({ limit: 3 });
      await driver.claim({ workerId: otherWorkerId });
      await driver.tasks.cancel(ids[0] ?? "", "");
      await driver.tasks.delete(ids[1] ?? "");
      await driver.tasks.cancel(ids[3] ?? "", "");
      await until("both workers to hear", () => mine.length === 2 && theirs.length === 1);
      expect(mine).toEqual(ids.slice(0, 2));
      expect(theirs).toEqual([ids[3]]);
    });

    it("says nothing of tasks that are not running, or by their own worker's doing", async () => {
      const { workers, driver } = await open();
      const heard: string[] = [];
      await workers.onRevoked(workerId, (ids) => heard.push(...ids));
      const waiting = await driver.enqueue({ queue: "elsewhere" });
      await driver.tasks.cancel(waiting, "");
      await driver.ran({ kind: "cancel", reason: "" });
      const last = await driver.enqueue();
      await driver.claimOne();
      await driver.tasks.cancel(last, "");
      await until("the last one", () => heard.includes(last));
      expect(heard).toEqual([last]);
    });

    it("stops when asked", async () => {
      const { workers, driver } = await open();
      const stopped: string[] = [];
      const witness: string[] = [];
      const stop = await workers.onRevoked(workerId, (ids) => stopped.push(...ids));
      await stop();
      await workers.onRevoked(workerId, (ids) => witness.push(...ids));
      const id = await driver.enqueue();
      await driver.claimOne();
      await driver.tasks.cancel(id, "");
      await until("the witness", () => witness.includes(id));
      expect(stopped).toEqual([]);
    });
  });
});

import { defineTask } from "@workstream/worker";
import { expect, it } from "vitest";
import { z } from "zod";
import { reapSettings } from "../task-driver.ts";
import { until } from "../until.ts";
import { type Interposer, watchStores } from "./watched-stores.ts";
import { describeWorker, type WorkerStage } from "./worker-stage.ts";

const text = z.string();
const queue = "echo";
const settings = { concurrency: 4, leaseMs: 1_000 };

/** Workers hold these tasks, say that they begin, and are lost, so many times. */
async function loseWorkers(stage: WorkerStage, ids: readonly string[], times: number): Promise<void> {
  const { tasks, opened } = stage;
  for (let loss = 0; loss < times; loss += 1) {
    const worker = `host-${loss}-lost`;
    const request = { workerId: worker, queues: { [queue]: 10 }, leaseMs: 1 };
    let taken = 0;
    while (taken < ids.length) {
      const claimed = await stage.claim(request);
      taken += claimed.length;
      const begun = claimed.map(({ id, token }) => ({ id, token, hasBegun: true }));
      await tasks.extend(worker, begun, 1);
    }
    await opened.stores.workers.leave(worker);
    let requeued = 0;
    await until("the reaper to take them", async () => {
      requeued += (await tasks.reap(reapSettings({ leaseMs: 1 }))).requeued;
      return requeued === ids.length;
    });
  }
}

function watchedEcho(around: (id: string) => Promise<void> | void = () => {}) {
  const begun: string[] = [];
  const definition = defineTask({
    ...{ type: "echo", queue, input: text, output: text },
    async run(input, { id }) {
      begun.push(id);
      await around(id);
      return input;
    },
  });
  return { begun, definition };
}

describeWorker("tasks that have lost a worker", (setStage) => {
  it("begin when the store knows of it, and others without a word", async () => {
    const stage = await setStage();
    const [suspect = ""] = await stage.enqueueMany(1, { queue });
    await loseWorkers(stage, [suspect], 1);
    const rest = await stage.enqueueMany(2, { queue });
    const known: boolean[] = [];
    const told: string[] = [];
    const interpose: Interposer = async ({ verb, args }, through) => {
      const answer = await through();
      const leases = verb === "extend" ? (args[1] as { id: string; hasBegun?: boolean }[]) : [];
      told.push(...leases.filter(({ hasBegun }) => hasBegun).map(({ id }) => id));
      return answer;
    };
    const { definition, begun } = watchedEcho((id) => {
      if (id === suspect) known.push(told.includes(id));
    });
    stage.start([definition], settings, watchStores(stage.opened.stores, interpose).stores);
    for (const id of [suspect, ...rest]) await stage.reaches(id, "COMPLETED");
    expect(begun).toHaveLength(3);
    expect([known, [...new Set(told)]]).toEqual([[true], [suspect]]);
  });

  it("wait for another time when the store can't be told", async () => {
    const stage = await setStage();
    const [suspect = ""] = await stage.enqueueMany(1, { queue });
    await loseWorkers(stage, [suspect], 1);
    let failures = 1;
    const interpose: Interposer = ({ verb }, through) => {
      if (verb !== "extend" || failures === 0) return through();
      failures -= 1;
      return Promise.reject(new Error("away"));
    };
    const { definition, begun } = watchedEcho();
    const worker = stage.start([definition], settings, watchStores(stage.opened.stores, interpose).stores);
    await stage.reaches(suspect, "SCHEDULED");
    expect([begun, worker.health().running]).toEqual([[], 0]);
    const task = await stage.reaches(suspect, "COMPLETED");
    expect(begun).toEqual([suspect]);
    expect(task).toMatchObject({ lostCount: 1, retryCount: 0 });
    expect(worker.health()).toMatchObject({ freeSlots: settings.concurrency, failed: 0 });
  });

  it("are not begun after a cancel that came while the store was told", async () => {
    const stage = await setStage();
    const [suspect = ""] = await stage.enqueueMany(1, { queue });
    await loseWorkers(stage, [suspect], 1);
    const interpose: Interposer = async ({ verb }, through) => {
      if (verb === "extend") await stage.tasks.cancel(suspect, "Not needed.");
      return through();
    };
    const { definition, begun } = watchedEcho();
    const worker = stage.start([definition], settings, watchStores(stage.opened.stores, interpose).stores);
    await stage.reaches(suspect, "CANCELLED");
    await until("the free slot", () => worker.health().freeSlots === settings.concurrency);
    expect(begun).toEqual([]);
  });

  it("run one after another when the next strike would bury them, beside tasks that are no suspects", async () => {
    const stage = await setStage();
    const suspects = await stage.enqueueMany(3, { queue });
    await loseWorkers(stage, suspects, 2);
    const running = new Set<string>();
    const met: string[][] = [];
    const free = await stage.enqueueMany(1, { queue });
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const { definition } = watchedEcho(async (id) => {
      running.add(id);
      met.push([...running].filter((each) => suspects.includes(each)));
      if (free.includes(id)) await ended;
      else await new Promise((resolve) => setTimeout(resolve, 20));
      running.delete(id);
    });
    stage.start([definition], settings);
    for (const id of suspects) await stage.reaches(id, "COMPLETED", 20_000);
    expect(Math.max(...met.map(({ length }) => length))).toBe(1);
    expect([...running]).toEqual(free);
    end();
    await stage.reaches(free[0] ?? "", "COMPLETED");
  });
});

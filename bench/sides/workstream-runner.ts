import { setTimeout as sleep } from "node:timers/promises";
import { defaultRetention, type NewTask, primaryQueue } from "@workstream/core";
import { openRedisStores } from "@workstream/redis";
import { openSqliteStores } from "@workstream/sqlite";
import { newTask } from "@workstream/testing";
import { createWorker, defineTask } from "@workstream/worker";
import { z } from "zod";
import { monotonicMs } from "../monotonic.ts";
import { readSettings, serve } from "../serve.ts";
import { Stopwatch } from "../stopwatch.ts";
import { hundredBytes } from "./producer.ts";
import { type BusyRunner, cpuMicros, Pickups, type RunnerSettings } from "./runner.ts";

const settings = readSettings<RunnerSettings>();
const { url, path, cluster, slots, highPrioritySlots = 0, slowMs = 0, isVaried = false } = settings;
const share = () => (isVaried ? 0.5 + Math.random() : 1);
const stores = path
  ? await openSqliteStores({ path })
  : await openRedisStores({ url: url ?? "", ...cluster });
const pickups = new Pickups();
const stopwatch = new Stopwatch();
const slotsFreedAt: number[] = [];
let lost = 0;

const task = (type: string, run: (text: string) => Promise<null>) =>
  defineTask({ type, queue: primaryQueue, input: z.string(), output: z.null(), run });
const definitions = [
  task("noop", async () => null),
  task("marked", async (text) => {
    pickups.note(text);
    return null;
  }),
  task("slow", async () => {
    await sleep(slowMs * share());
    slotsFreedAt.push(monotonicMs());
    return null;
  }),
];

// A task counts when the store has settled it, as the peer's "completed" event does.
const settle = stores.tasks.settle.bind(stores.tasks);
stores.tasks.settle = async (workerId, attempts, next) => {
  const answer = await settle(workerId, attempts, next);
  for (const outcome of answer.outcomes) {
    if (outcome === "settled") stopwatch.count();
    else lost += 1;
  }
  return answer;
};

// Among a million, retention would take away what others look at.
const retention = slowMs > 0 ? { ...defaultRetention, COMPLETED: { maxAgeMs: 864e5, maxCount: 1e8 } } : null;
const worker = createWorker({
  stores,
  definitions,
  settings: { concurrency: slots, highPrioritySlots, ...(retention && { retention }) },
});

function start(): void {
  if (worker.health().state === "new") worker.start();
}

const type = slowMs > 0 ? "slow" : "noop";
/** Those of one group are accepted together. */
const plainTask = (group: string): NewTask =>
  newTask(stores.tasks.mintId(group), { type, content: hundredBytes });

serve<BusyRunner>({
  async fill(tasks) {
    for (let added = 0; added < tasks; added += 1_000) {
      const [group, length] = [stores.tasks.mintId(), Math.min(1_000, tasks - added)];
      await stores.tasks.enqueueBatch(Array.from({ length }, () => plainTask(group)));
    }
  },
  start,
  process(tasks) {
    const rate = stopwatch.time(tasks);
    start();
    return rate;
  },
  done: () => stopwatch.done,
  pickups: (samples) => pickups.take(samples),
  lost: () => lost,
  slotsFreedAt: () => slotsFreedAt,
  cpu: cpuMicros,
});

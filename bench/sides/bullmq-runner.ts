import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { readSettings, serve } from "../serve.ts";
import { Stopwatch } from "../stopwatch.ts";
import { hundredBytes } from "./producer.ts";
import { cpuMicros, Pickups, type Runner, type RunnerSettings } from "./runner.ts";

const { url = "", slots } = readSettings<RunnerSettings>();
const connect = () => new Redis(url, { maxRetriesPerRequest: null });
const queue = new Queue("bench", { connection: connect() });
const pickups = new Pickups();
const stopwatch = new Stopwatch();

const worker = new Worker(
  "bench",
  async (job) => {
    if (job.name === "marked") pickups.note(job.data.text);
    return null;
  },
  { connection: connect(), concurrency: slots, autorun: false },
);
worker.on("completed", stopwatch.count);

function start(): void {
  if (!worker.isRunning()) void worker.run();
}

serve<Runner>({
  async fill(tasks) {
    for (let added = 0; added < tasks; added += 1_000) {
      const jobs = Array.from({ length: Math.min(1_000, tasks - added) }, () => ({
        ...{ name: "noop", data: { text: hundredBytes } },
      }));
      await queue.addBulk(jobs);
    }
  },
  start,
  process(tasks) {
    const rate = stopwatch.time(tasks);
    start();
    return rate;
  },
  pickups: (samples) => pickups.take(samples),
  done: () => stopwatch.done,
  lost: () => 0,
  cpu: cpuMicros,
});

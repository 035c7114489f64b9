import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { stopwatch } from "./stopwatch.ts";
import type { SideSettings } from "./throughput.ts";

const { url, tasks, slots } = JSON.parse(process.argv[2] ?? "{}") as SideSettings;
const connection = new Redis(url, { maxRetriesPerRequest: null });
await connection.flushall();

const queue = new Queue("bench", { connection });
for (let added = 0; added < tasks; added += 1_000) {
  const jobs = Array.from({ length: Math.min(1_000, tasks - added) }, () => ({
    name: "noop",
    data: { text: "x".repeat(100) },
  }));
  await queue.addBulk(jobs);
}

const count = stopwatch(tasks, (rate) => process.send?.(rate));
const worker = new Worker("bench", async () => {}, {
  connection: new Redis(url, { maxRetriesPerRequest: null }),
  concurrency: slots,
});
worker.on("completed", count);

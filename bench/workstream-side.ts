import { type NewTask, primaryQueue } from "@workstream/core";
import { openRedisStores } from "@workstream/redis";
import { newTask } from "@workstream/testing";
import { createWorker, defineTask } from "@workstream/worker";
import { Redis } from "ioredis";
import { z } from "zod";
import { stopwatch } from "./stopwatch.ts";
import type { SideSettings } from "./throughput.ts";

const { url, tasks, slots } = JSON.parse(process.argv[2] ?? "{}") as SideSettings;
const admin = new Redis(url);
await admin.flushall();
admin.disconnect();

const stores = await openRedisStores({ url });
for (let added = 0; added < tasks; added += 1_000) {
  await stores.tasks.enqueueBatch(Array.from({ length: Math.min(1_000, tasks - added) }, noopTask));
}

function noopTask(): NewTask {
  return newTask(stores.tasks.mintId(), { type: "noop", content: "x".repeat(100) });
}

const noop = defineTask({
  type: "noop",
  queue: primaryQueue,
  description: "Does nothing",
  input: z.string(),
  output: z.null(),
  run: async () => null,
});

// A task counts when the store has settled it, as the peer's "completed" event does.
const count = stopwatch(tasks, (rate) => process.send?.(rate));
const feed = stores.tasks.settle.bind(stores.tasks);
stores.tasks.settle = async (workerId, attempts, next) => {
  const answer = await feed(workerId, attempts, next);
  for (const outcome of answer.outcomes) if (outcome === "settled") count();
  return answer;
};
const worker = createWorker({ stores, definitions: [noop], settings: { concurrency: slots } });
await worker.start();

/** 100 tasks a second at high priority, beside a worker that has nothing else to do and one with a long queue at low. */
import type { Stores } from "@workstream/core";
import { openRedisStores } from "@workstream/redis";
import { newTask } from "@workstream/testing";
import { type BenchServer, withServer } from "../../bench-server.ts";
import { say } from "../../interleave.ts";
import { type Row, ratioAtMost, row } from "../../scenario.ts";
import { withSide } from "../../side.ts";
import type { Producer } from "../../sides/producer.ts";
import type { Runner } from "../../sides/runner.ts";
import { percentile } from "../../spread.ts";
import { pickupTimes } from "../latency.ts";
import type { StoreOfTasks } from "./store-of-tasks.ts";

const samples = 500;
/** As many low ones as a worker has need of in a run. */
const few = 60_000;
/**
 * Low ones take a little, so that they last, from half of `slowMs` to one and a half: one of the slots is free every fraction of
 * a millisecond all the same. Those of 1 ms are claimed ahead of the slots.
 */
const workers = [
  { slots: 100, slowMs: 20 },
  { slots: 10, slowMs: 1 },
];
type BusyWorker = (typeof workers)[number];

export async function enqueueLow({ tasks }: Stores, count: number): Promise<void> {
  for (let added = 0; added < count; added += 1_000) {
    const many = Array.from({ length: Math.min(1_000, count - added) }, () =>
      newTask(tasks.mintId(), { type: "slow", priority: "low" }),
    );
    await tasks.enqueueBatch(many);
  }
}

async function pickupP99(server: BenchServer, worker: BusyWorker): Promise<number> {
  const settings = { url: server.url, ...worker, isVaried: true };
  const times = await withSide<Runner, number[]>("workstream-runner", settings, (runner) =>
    withSide<Producer, number[]>("workstream-producer", settings, async (producer) => {
      await runner.ask("start");
      return pickupTimes(producer, runner, { samples, minGapMs: 10, maxGapMs: 10, priority: "high" });
    }),
  );
  return percentile(times, 0.99);
}

/** In a store of its own, in which so many low ones wait. */
async function pickupP99Among(low: number, worker: BusyWorker): Promise<number> {
  return withServer({}, async (server) => {
    const stores = await openRedisStores({ url: server.url });
    await enqueueLow(stores, low);
    await stores.close();
    return pickupP99(server, worker);
  });
}

/** `many` is emptied and filled with low ones. */
export async function comparePriorityPickup(many: StoreOfTasks, runs: number): Promise<Row[]> {
  await many.server.empty();
  await enqueueLow(many.stores, many.size);
  const rows: Row[] = [];
  for (const worker of workers) {
    const p99 = { many: [] as number[], few: [] as number[], none: [] as number[] };
    for (let run = 0; run < runs; run++) {
      p99.none.push(await pickupP99Among(0, worker));
      p99.few.push(await pickupP99Among(few, worker));
      p99.many.push(await pickupP99(many.server, worker));
      const last = [p99.many, p99.few, p99.none].map((figures) => figures.at(-1)?.toFixed(2));
      say(`run ${run + 1}  p99 with many, few, none: ${last.join(", ")} ms`);
    }
    const what = `pickup at high while many wait at low (${worker.slots} slots, tasks of ${worker.slowMs} ms), p99`;
    const alone = { name: "nothing waits", figures: p99.none };
    const beside = { name: `${few} wait`, figures: p99.few };
    rows.push(row(what, "ms", { ours: p99.many, peer: alone, goal: ratioAtMost(2) }));
    rows.push(row("… beside the same worker with a short queue", "ms", { ours: p99.many, peer: beside }));
  }
  return rows;
}

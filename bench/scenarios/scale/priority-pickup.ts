/**
 * 100 tasks a second at high priority: to a worker with a long queue at low, with slots that are kept for high priority and
 * without, beside one that has nothing else to do.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Stores } from "@workstream/core";
import { openRedisStores } from "@workstream/redis";
import { newTask } from "@workstream/testing";
import { type BenchServer, withServer } from "../../bench-server.ts";
import { say } from "../../interleave.ts";
import { type Row, ratioAtMost, row } from "../../scenario.ts";
import { withSide } from "../../side.ts";
import type { Producer } from "../../sides/producer.ts";
import type { BusyRunner } from "../../sides/runner.ts";
import { percentile } from "../../spread.ts";
import { pickupTimes } from "../latency.ts";
import type { StoreOfTasks } from "./store-of-tasks.ts";

const samples = 500;
/** Until a worker that begins has compiled what it runs. */
const warmUpMs = 3_000;
/** No multiple of a millisecond, at which timers end. */
const everyMs = 0.37;
/** As many low ones as a worker has need of in a run. */
const fewLow = 90_000;
/**
 * Low ones take from half of `slowMs` to one and a half, so that slots come free at any time: of the first of these workers every
 * 2 ms, of the second every 0.2 ms. Those of 1 ms are claimed ahead of the slots.
 */
const workers = [
  { slots: 100, slowMs: 200, kept: 5 },
  { slots: 100, slowMs: 20, kept: 5 },
  { slots: 10, slowMs: 1, kept: 1 },
];
type BusyWorker = { slots: number; slowMs: number; highPrioritySlots?: number };

export async function enqueueLow({ tasks }: Stores, count: number): Promise<void> {
  for (let added = 0; added < count; added += 1_000) {
    const many = Array.from({ length: Math.min(1_000, count - added) }, () =>
      newTask(tasks.mintId(), { type: "slow", priority: "low" }),
    );
    await tasks.enqueueBatch(many);
  }
}

/** `slot`: from any moment until the next slot comes free; NaN where none was taken. ms, p99 */
type Waits = { pickup: number; slot: number };

async function waitsOf(server: BenchServer, worker: BusyWorker): Promise<Waits> {
  const settings = { url: server.url, ...worker, isVaried: true };
  return withSide<BusyRunner, Waits>("workstream-runner", settings, (runner) =>
    withSide<Producer, Waits>("workstream-producer", settings, async (producer) => {
      await runner.ask("start");
      await sleep(warmUpMs);
      const order = { samples, minGapMs: 10, maxGapMs: 10, priority: "high" } as const;
      const pickups = await pickupTimes(producer, runner, order);
      const gaps = untilNext(await runner.ask("slotsFreedAt"));
      return { pickup: percentile(pickups, 0.99), slot: percentile(gaps, 0.99) };
    }),
  );
}

/** At moments spread over all of the time, how long it is until the next of these instants. */
function untilNext(instants: readonly number[]): number[] {
  const waits: number[] = [];
  let at = 0;
  for (let moment = instants[0] ?? 0; moment < (instants.at(-1) ?? 0); moment += everyMs) {
    while ((instants[at] ?? 0) < moment) at += 1;
    waits.push((instants[at] ?? 0) - moment);
  }
  return waits;
}

/** In a store of its own, in which so many low ones wait. */
async function waitsAmong(low: number, worker: BusyWorker, isDurable: boolean): Promise<Waits> {
  return withServer({ isDurable }, async (server) => {
    const stores = await openRedisStores({ url: server.url });
    await enqueueLow(stores, low);
    await stores.close();
    return waitsOf(server, worker);
  });
}

/** `store` is emptied and filled with low ones. */
export async function comparePriorityPickup(store: StoreOfTasks, runs: number): Promise<Row[]> {
  await store.server.empty();
  await enqueueLow(store.stores, store.size);
  const rows: Row[] = [];
  for (const { kept, ...worker } of workers) {
    const many: Waits[] = [];
    const manyKept: Waits[] = [];
    const few: Waits[] = [];
    const none: Waits[] = [];
    for (let run = 0; run < runs; run++) {
      none.push(await waitsAmong(0, worker, store.isDurable));
      few.push(await waitsAmong(fewLow, worker, store.isDurable));
      many.push(await waitsOf(store.server, worker));
      manyKept.push(await waitsOf(store.server, { ...worker, highPrioritySlots: kept }));
      const last = [manyKept, many, few, none].map((waits) => waits.at(-1)?.pickup.toFixed(2));
      say(`run ${run + 1}  p99 with many and slots kept, many, few, none: ${last.join(", ")} ms`);
    }
    const pickups = (waits: readonly Waits[]) => waits.map(({ pickup }) => pickup);
    const alone = { name: "nothing waits", figures: pickups(none) };
    const beside = { name: `${fewLow} wait`, figures: pickups(few) };
    const ours = pickups(many);
    const what = `pickup at high while many wait at low (${worker.slots} slots, tasks of ${worker.slowMs} ms), p99`;
    rows.push(
      row(`${what}, ${kept} of the slots kept for high`, "ms", {
        ours: pickups(manyKept),
        peer: alone,
        goal: ratioAtMost(2),
      }),
    );
    rows.push(row(`${what}, none kept`, "ms", { ours, peer: alone, goal: ratioAtMost(2) }));
    rows.push(row("… beside the same worker with a short queue", "ms", { ours, peer: beside }));
    rows.push(
      row("… of it until the next slot comes free, p99", "ms", { ours: many.map(({ slot }) => slot) }),
    );
  }
  return rows;
}

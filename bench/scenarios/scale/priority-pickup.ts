/** 100 tasks a second at high priority, beside a worker that has nothing else to do and one with a long queue at low. */
import type { Stores } from "@workstream/core";
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

/** Low ones take a little, so that they last; one of the slots is free every fraction of a millisecond all the same. */
const [slots, slowMs, samples] = [10, 2, 500];

export async function enqueueLow({ tasks }: Stores, count: number): Promise<void> {
  for (let added = 0; added < count; added += 1_000) {
    const many = Array.from({ length: Math.min(1_000, count - added) }, () =>
      newTask(tasks.mintId(), { type: "slow", priority: "low" }),
    );
    await tasks.enqueueBatch(many);
  }
}

function pickups(server: BenchServer): Promise<number[]> {
  const settings = { url: server.url, slots, slowMs };
  return withSide<Runner, number[]>("workstream-runner", settings, (runner) =>
    withSide<Producer, number[]>("workstream-producer", settings, async (producer) => {
      await runner.ask("start");
      return pickupTimes(producer, runner, { samples, minGapMs: 10, maxGapMs: 10, priority: "high" });
    }),
  );
}

/** `many` is emptied and filled with low ones. */
export async function comparePriorityPickup(many: StoreOfTasks, runs: number): Promise<Row[]> {
  const p99 = { ours: [] as number[], peer: [] as number[] };
  await many.server.empty();
  await enqueueLow(many.stores, many.size);
  await withServer({}, async (empty) => {
    for (let run = 0; run < runs; run++) {
      p99.peer.push(percentile(await pickups(empty), 0.99));
      p99.ours.push(percentile(await pickups(many.server), 0.99));
      say(`run ${run + 1}  p99 ${p99.ours.at(-1)?.toFixed(2)} ms, alone ${p99.peer.at(-1)?.toFixed(2)} ms`);
    }
  });
  const peer = { name: "nothing waits", figures: p99.peer };
  return [
    row("pickup at high while many wait at low, p99", "ms", { ours: p99.ours, peer, goal: ratioAtMost(2) }),
  ];
}

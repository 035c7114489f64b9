/** From the call that enqueues, in one process, to the start of the handler, in another: by the machine's clock. */
import { type BenchServer, withServer } from "../bench-server.ts";
import { say } from "../interleave.ts";
import { ratioAtMost, row, type Scenario } from "../scenario.ts";
import { type Side, withSide } from "../side.ts";
import type { Producer, Trickle } from "../sides/producer.ts";
import type { Runner } from "../sides/runner.ts";
import { percentile } from "../spread.ts";

const warmUp = 30;

/** Pickup times, ms, without the first ones. */
export async function pickupTimes(
  producer: Side<Producer>,
  runner: Side<Runner>,
  order: Trickle,
): Promise<number[]> {
  const samples = order.samples + warmUp;
  const began = runner.ask("pickups", samples);
  const calledAt = await producer.ask("trickle", { ...order, samples });
  const beganAt = await began;
  return calledAt.map((at, sample) => (beganAt[sample] ?? Number.NaN) - at).slice(warmUp);
}

async function idlePickups(server: BenchServer, side: string, samples: number): Promise<number[]> {
  await server.empty();
  const settings = { url: server.url, slots: 10 };
  return withSide<Runner, number[]>(`${side}-runner`, settings, async (runner) =>
    withSide<Producer, number[]>(`${side}-producer`, settings, async (producer) => {
      await runner.ask("start");
      return pickupTimes(producer, runner, { samples, minGapMs: 5, maxGapMs: 20 });
    }),
  );
}

export const latency: Scenario = {
  name: "latency",
  describes:
    "An idle worker picks up single tasks that another process enqueues 5 to 20 ms apart (the size: samples).",
  size: 300,
  hasDurable: false,
  run: ({ runs, tasks: samples }) =>
    withServer({}, async (server) => {
      const times: Record<"bullmq" | "workstream", number[][]> = { bullmq: [], workstream: [] };
      for (let run = 0; run < runs; run++) {
        for (const side of ["bullmq", "workstream"] as const) {
          const figures = await idlePickups(server, side, samples);
          times[side].push(figures);
          const [p50, p99] = [0.5, 0.99].map((share) => percentile(figures, share).toFixed(2));
          say(`run ${run + 1}  ${side.padEnd(12)} p50 ${p50} ms, p99 ${p99} ms`);
        }
      }
      const compare = (share: number, bound: number) =>
        row(`pickup when idle, p${share * 100}`, "ms", {
          ours: times.workstream.map((figures) => percentile(figures, share)),
          peer: { name: "bullmq", figures: times.bullmq.map((figures) => percentile(figures, share)) },
          goal: ratioAtMost(bound),
        });
      return [compare(0.5, 0.7), compare(0.99, 0.5)];
    }),
};

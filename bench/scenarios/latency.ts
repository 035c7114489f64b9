/** From the call that enqueues, in one process, to the start of the handler, in another: by the machine's clock. */
import { setTimeout as sleep } from "node:timers/promises";
import { type BenchServer, withServer } from "../bench-server.ts";
import { say } from "../interleave.ts";
import { ratioAtMost, row, type Scenario } from "../scenario.ts";
import { type Side, withSide } from "../side.ts";
import type { Producer, Trickle } from "../sides/producer.ts";
import type { Runner } from "../sides/runner.ts";
import { percentile } from "../spread.ts";

const warmUp = 20;

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

const peers = ["bullmq", "workstream"] as const;
type Peer = (typeof peers)[number];
type Both<Value> = Record<Peer, Value>;

/** Some seconds after it started a process that has little to do gives memory back, for up to 10 ms at a time. */
const restMs = 12_000;
/** Short turns: what the machine does beside us changes within seconds, and should meet both. */
const turns = 10;

/** Both idle on one server, asked in turn. Pickup times of each, ms. */
async function inTurn(
  producers: Both<Side<Producer>>,
  runners: Both<Side<Runner>>,
  samples: number,
): Promise<Both<number[]>> {
  const times: Both<number[]> = { bullmq: [], workstream: [] };
  const order = { samples: Math.ceil(samples / turns), minGapMs: 5, maxGapMs: 20 };
  for (let turn = 0; turn < turns; turn++) {
    for (const peer of turn % 2 === 0 ? peers : peers.toReversed()) {
      times[peer].push(...(await pickupTimes(producers[peer], runners[peer], order)));
    }
  }
  return times;
}

async function idlePickups(server: BenchServer, samples: number): Promise<Both<number[]>> {
  await server.empty();
  const settings = { url: server.url, slots: 10 };
  const [bullmq, workstream] = peers;
  return withSide<Runner, Both<number[]>>(`${bullmq}-runner`, settings, (theirRunner) =>
    withSide<Producer, Both<number[]>>(`${bullmq}-producer`, settings, (theirProducer) =>
      withSide<Runner, Both<number[]>>(`${workstream}-runner`, settings, (runner) =>
        withSide<Producer, Both<number[]>>(`${workstream}-producer`, settings, async (producer) => {
          await Promise.all([theirRunner.ask("start"), runner.ask("start")]);
          await sleep(restMs);
          return inTurn(
            { bullmq: theirProducer, workstream: producer },
            { bullmq: theirRunner, workstream: runner },
            samples,
          );
        }),
      ),
    ),
  );
}

export const latency: Scenario = {
  name: "latency",
  describes:
    "An idle worker picks up single tasks that another process enqueues 5 to 20 ms apart (the size: samples); ours and the peer's in turns of a tenth.",
  size: 1_000,
  hasDurable: false,
  run: ({ runs, tasks: samples }) =>
    withServer({}, async (server) => {
      const times: Both<number[][]> = { bullmq: [], workstream: [] };
      for (let run = 0; run < runs; run++) {
        const figures = await idlePickups(server, samples);
        for (const peer of peers) {
          times[peer].push(figures[peer]);
          const [p50, p99] = [0.5, 0.99].map((share) => percentile(figures[peer], share).toFixed(2));
          say(`run ${run + 1}  ${peer.padEnd(12)} p50 ${p50} ms, p99 ${p99} ms`);
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

/** From the call that enqueues, in one process, to the start of the handler, in another: by the machine's clock. */
import { setTimeout as sleep } from "node:timers/promises";
import { type BenchServer, withServer } from "../bench-server.ts";
import { say } from "../interleave.ts";
import { ratioAtMost, row, type Scenario } from "../scenario.ts";
import { type Side, withSide } from "../side.ts";
import type { Producer, Trickle } from "../sides/producer.ts";
import type { Runner, RunnerSettings } from "../sides/runner.ts";
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

/** `bare`: a text by RPUSH and BLPOP, which shows what the machine takes for the way alone. */
const peers = ["bullmq", "workstream", "bare"] as const;
type Peer = (typeof peers)[number];
type ByPeer<Value> = Record<Peer, Value>;
type Pair = { producer: Side<Producer>; runner: Side<Runner> };

/** Some seconds after it started a process that has little to do gives memory back, for up to 10 ms at a time. */
const restMs = 12_000;
/** Short turns: what the machine does beside us changes within seconds, and should meet all. */
const turns = 10;

/** All idle on one server, asked in turn. Pickup times of each, ms. */
async function inTurn(pairs: ByPeer<Pair>, samples: number): Promise<ByPeer<number[]>> {
  const times: ByPeer<number[]> = { bullmq: [], workstream: [], bare: [] };
  const order = { samples: Math.ceil(samples / turns), minGapMs: 5, maxGapMs: 20 };
  for (let turn = 0; turn < turns; turn++) {
    for (const peer of turn % 2 === 0 ? peers : peers.toReversed()) {
      const { producer, runner } = pairs[peer];
      times[peer].push(...(await pickupTimes(producer, runner, order)));
    }
  }
  return times;
}

function withPair<T>(peer: Peer, settings: RunnerSettings, use: (pair: Pair) => Promise<T>): Promise<T> {
  return withSide<Runner, T>(`${peer}-runner`, settings, (runner) =>
    withSide<Producer, T>(`${peer}-producer`, settings, (producer) => use({ producer, runner })),
  );
}

async function idlePickups(server: BenchServer, samples: number): Promise<ByPeer<number[]>> {
  await server.empty();
  const settings = { url: server.url, slots: 10 };
  return withPair("bullmq", settings, (bullmq) =>
    withPair("workstream", settings, (workstream) =>
      withPair("bare", settings, async (bare) => {
        const pairs = { bullmq, workstream, bare };
        for (const { runner } of Object.values(pairs)) await runner.ask("start");
        await sleep(restMs);
        return inTurn(pairs, samples);
      }),
    ),
  );
}

export const latency: Scenario = {
  name: "latency",
  describes:
    "An idle worker picks up single tasks that another process enqueues 5 to 20 ms apart (the size: samples); ours, the peer's and a bare list's in turns of a tenth.",
  size: 1_000,
  hasDurable: true,
  run: ({ runs, tasks: samples, isDurable }) =>
    withServer({ isDurable }, async (server) => {
      const times: ByPeer<number[][]> = { bullmq: [], workstream: [], bare: [] };
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
      const bare = (share: number) =>
        row(`… by a bare list, p${share * 100}`, "ms", {
          ours: times.bare.map((figures) => percentile(figures, share)),
        });
      return [compare(0.5, 0.7), bare(0.5), compare(0.99, 0.5), bare(0.99)];
    }),
};

/**
 * Process no-op tasks: one worker process with 100 slots, against a queue that was filled before it started.
 *
 * Both sides run on one private redis-server, one after the other in every run. The clock starts when a tenth of the
 * tasks is done (warm-up) and stops at the last one, in the worker's own process. `observed` is workstream with a
 * subscriber on `queue-updates`, as a gateway is: without one, no message is put together.
 */
import { type ChildProcess, fork } from "node:child_process";
import { startRedisServer } from "@workstream/testing";
import { Redis } from "ioredis";
import { type Spread, spread } from "./spread.ts";

type Options = { runs: number; tasks: number };
export type SideSettings = { url: string; tasks: number; slots: number };

const slots = 100;
const sides = ["bullmq", "workstream", "observed"] as const;
type Side = (typeof sides)[number];

type Report = {
  unit: string;
  slots: number;
  tasks: number;
  workstream: Spread;
  observed: Spread;
  bullmq: Spread;
  ratio: Spread;
  text: string;
};

export async function throughput({ runs, tasks }: Options): Promise<Report> {
  const server = await startRedisServer();
  const rates: Record<Side, number[]> = { workstream: [], observed: [], bullmq: [] };
  try {
    for (let run = 0; run < runs; run++) {
      for (const side of sides) {
        const rate = await measure(side, { url: server.url, tasks, slots });
        rates[side].push(rate);
        process.stderr.write(`  run ${run + 1}  ${side.padEnd(10)} ${Math.round(rate)} tasks/s\n`);
      }
    }
  } finally {
    await server.stop();
  }
  const ratio = spread(rates.workstream.map((rate, run) => rate / (rates.bullmq[run] ?? Number.NaN)));
  const [workstream, observed, bullmq] = [rates.workstream, rates.observed, rates.bullmq].map(spread) as [
    Spread,
    Spread,
    Spread,
  ];
  const text =
    `${slots} slots, no-op, tasks a second (median of ${runs}): workstream ${workstream.median}, bullmq ${bullmq.median}, ` +
    `ratio ${ratio.median} (${ratio.min}–${ratio.max}); with a subscriber on queue-updates ${observed.median}`;
  return { unit: "tasks/s", slots, tasks, workstream, observed, bullmq, ratio, text };
}

async function measure(side: Side, settings: SideSettings): Promise<number> {
  const observer = side === "observed" ? new Redis(settings.url) : null;
  await observer?.subscribe("queue-updates");
  const program = side === "bullmq" ? "bullmq" : "workstream";
  const child = fork(new URL(`./${program}-side.ts`, import.meta.url), [JSON.stringify(settings)], {
    execArgv: ["--import", "tsx", "--conditions=workstream-source"],
  });
  try {
    return await rateFrom(child);
  } finally {
    child.kill("SIGKILL");
    observer?.disconnect();
  }
}

function rateFrom(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("message", (rate) => resolve(Number(rate)));
    child.once("exit", (code) =>
      reject(new Error(`The worker process ended with ${code} before it was done.`)),
    );
  });
}

/**
 * Process no-op tasks: one worker process with 100 slots, against a queue that was filled before it started.
 *
 * Both sides run on one private redis-server, one after the other in every run. The clock starts when a tenth of the
 * tasks is done (warm-up) and stops at the last one, in the worker's own process.
 */
import { type ChildProcess, fork } from "node:child_process";
import { startRedisServer } from "@workstream/testing";
import { type Spread, spread } from "./spread.ts";

type Options = { runs: number; tasks: number };
export type SideSettings = { url: string; tasks: number; slots: number };

const slots = 100;

type Report = {
  unit: string;
  slots: number;
  tasks: number;
  workstream: Spread;
  bullmq: Spread;
  ratio: Spread;
  text: string;
};

export async function throughput({ runs, tasks }: Options): Promise<Report> {
  const server = await startRedisServer();
  const rates: Record<"workstream" | "bullmq", number[]> = { workstream: [], bullmq: [] };
  try {
    for (let run = 0; run < runs; run++) {
      for (const side of ["bullmq", "workstream"] as const) {
        const rate = await measure(side, { url: server.url, tasks, slots });
        rates[side].push(rate);
        process.stderr.write(`  run ${run + 1}  ${side.padEnd(10)} ${Math.round(rate)} tasks/s\n`);
      }
    }
  } finally {
    await server.stop();
  }
  const ratio = spread(rates.workstream.map((rate, run) => rate / (rates.bullmq[run] ?? Number.NaN)));
  const sides = { workstream: spread(rates.workstream), bullmq: spread(rates.bullmq) };
  const text = `${slots} slots, no-op, tasks a second (median of ${runs}): workstream ${sides.workstream.median}, bullmq ${sides.bullmq.median}, ratio ${ratio.median} (${ratio.min}–${ratio.max})`;
  return { unit: "tasks/s", slots, tasks, ...sides, ratio, text };
}

async function measure(side: "workstream" | "bullmq", settings: SideSettings): Promise<number> {
  const child = fork(new URL(`./${side}-side.ts`, import.meta.url), [JSON.stringify(settings)], {
    execArgv: ["--import", "tsx", "--conditions=workstream-source"],
  });
  try {
    return await rateFrom(child);
  } finally {
    child.kill("SIGKILL");
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

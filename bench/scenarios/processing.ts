/**
 * Processing no-ops with a number of slots: one worker process against a queue that was filled before it started. The
 * clock starts when a tenth of the tasks is done and stops at the last one, in the worker's own process.
 */
import { type BenchServer, withServer } from "../bench-server.ts";
import { interleave } from "../interleave.ts";
import { type BenchOptions, type Goal, type Row, row } from "../scenario.ts";
import { withSide } from "../side.ts";
import type { Runner } from "../sides/runner.ts";

export type Processing = { slots: number; tasks: number };

export function processFilled(
  server: BenchServer,
  side: "workstream" | "bullmq",
  { slots, tasks }: Processing,
): Promise<number> {
  return withSide<Runner, number>(`${side}-runner`, { url: server.url, slots }, async (runner) => {
    await server.empty();
    await runner.ask("fill", tasks);
    return runner.ask("process", tasks);
  });
}

export function compareProcessing(
  { runs, isDurable }: BenchOptions,
  { goal, ...processing }: Processing & { goal: Goal },
): Promise<Row[]> {
  const { slots } = processing;
  return withServer({ isDurable }, async (server) => {
    const { bullmq, workstream } = await interleave(runs, {
      bullmq: () => processFilled(server, "bullmq", processing),
      workstream: () => processFilled(server, "workstream", processing),
    });
    const what = `process no-ops, ${slots} slot${slots === 1 ? "" : "s"}`;
    return [row(what, "tasks/s", { ours: workstream, peer: { name: "bullmq", figures: bullmq }, goal })];
  });
}

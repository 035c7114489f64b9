/** The embedded store beside Redis: the same no-ops, 100 slots, in one process with nothing installed. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withServer } from "../bench-server.ts";
import { interleave } from "../interleave.ts";
import { ratioAtLeast, row, type Scenario } from "../scenario.ts";
import { withSide } from "../side.ts";
import type { Runner } from "../sides/runner.ts";
import { processFilled } from "./processing.ts";

const slots = 100;

async function processEmbedded(tasks: number): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), "workstream-bench-"));
  try {
    const settings = { path: join(dir, "store.db"), slots };
    return await withSide<Runner, number>("workstream-runner", settings, async (runner) => {
      await runner.ask("fill", tasks);
      return runner.ask("process", tasks);
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export const embedded: Scenario = {
  name: "embedded",
  describes: "One process with 100 slots works off no-ops from the embedded store, beside workers on Redis.",
  size: 50_000,
  hasDurable: true,
  run: ({ runs, tasks, isDurable }) =>
    withServer({ isDurable }, async (server) => {
      const { bullmq, redis, ours } = await interleave(runs, {
        bullmq: () => processFilled(server, "bullmq", { slots, tasks }),
        redis: () => processFilled(server, "workstream", { slots, tasks }),
        ours: () => processEmbedded(tasks),
      });
      const what = "process no-ops on the embedded store";
      return [
        row(what, "tasks/s", { ours, peer: { name: "bullmq", figures: bullmq }, goal: ratioAtLeast(1) }),
        row(what, "tasks/s", { ours, peer: { name: "workstream on Redis", figures: redis } }),
      ];
    }),
};

/** What a completed task of 100 bytes leaves in Redis. The peer keeps its completed jobs, which is its default. */
import { readFileSync } from "node:fs";
import { withServer } from "../bench-server.ts";
import { interleave } from "../interleave.ts";
import { ratioAtMost, row, type Scenario } from "../scenario.ts";
import { withSide } from "../side.ts";
import type { Runner } from "../sides/runner.ts";

const warmUp = 1_000;

/** The lines of redis.conf in the table of docs/operations.md that a server can be started with. */
function recommended(): Record<string, string> {
  const page = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const table = /^## Redis\n([\s\S]*?)(?=\n## |\n\*\*Backup)/m.exec(page)?.[1] ?? "";
  const firstCells = Array.from(table.matchAll(/^\| (`[^|]+) \|/gm), ([, cell]) => cell ?? "");
  const lines = firstCells.flatMap((cell) => Array.from(cell.matchAll(/`([a-z-]+) ([^`]+)`/g)));
  return Object.fromEntries(lines.map(([, name = "", value = ""]) => [name, value === '""' ? "" : value]));
}

async function bytesPerTask(side: string, tasks: number, config: Record<string, string>): Promise<number> {
  return withServer({ config }, async (server) =>
    withSide<Runner, number>(`${side}-runner`, { url: server.url, slots: 100 }, async (runner) => {
      const processAll = async (count: number) => {
        const done = runner.ask("process", count);
        await runner.ask("fill", count);
        await done;
      };
      await processAll(warmUp);
      const before = await server.usedMemory();
      await processAll(tasks);
      return ((await server.usedMemory()) - before) / tasks;
    }),
  );
}

export const memory: Scenario = {
  name: "memory",
  describes: "Bytes of Redis for a completed task with 100 bytes of text, by used_memory before and after.",
  size: 50_000,
  hasDurable: false,
  async run({ runs, tasks }) {
    const config = recommended();
    const { bullmq, workstream, set } = await interleave(runs, {
      bullmq: () => bytesPerTask("bullmq", tasks, {}),
      workstream: () => bytesPerTask("workstream", tasks, {}),
      set: () => bytesPerTask("workstream", tasks, config),
    });
    const peer = { name: "bullmq", figures: bullmq };
    return [
      row("a completed task of 100 bytes, default settings", "bytes", {
        ...{ ours: workstream, peer, goal: ratioAtMost(0.8) },
      }),
      row("the same, Redis as docs/operations.md recommends", "bytes", {
        ...{ ours: set, peer, goal: ratioAtMost(0.6) },
      }),
    ];
  },
};

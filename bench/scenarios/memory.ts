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

/** Of one task, a figure for each run. */
type Parts = { hash: number[]; places: number[] };

const sampled = 200;
const indexes = ["tasks:index", "tasks:index:type:noop", "tasks:completed"];

async function bytesPerTask(
  side: string,
  tasks: number,
  { config = {}, parts }: { config?: Record<string, string>; parts?: Parts } = {},
): Promise<number> {
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
      const whole = ((await server.usedMemory()) - before) / tasks;
      const ids = await server.firstIn("tasks:completed", sampled);
      parts?.hash.push((await server.bytesOf(ids.map((id) => `task:${id}`))) / sampled);
      parts?.places.push((await server.bytesOf(indexes)) / (tasks + warmUp));
      return whole;
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
    const usual: Parts = { hash: [], places: [] };
    const asSet: Parts = { hash: [], places: [] };
    const { bullmq, workstream, set } = await interleave(runs, {
      bullmq: () => bytesPerTask("bullmq", tasks),
      workstream: () => bytesPerTask("workstream", tasks, { parts: usual }),
      set: () => bytesPerTask("workstream", tasks, { config, parts: asSet }),
    });
    const peer = { name: "bullmq", figures: bullmq };
    return [
      row("a completed task of 100 bytes, default settings", "bytes", {
        ...{ ours: workstream, peer, goal: ratioAtMost(0.8) },
      }),
      row("the same, Redis as docs/operations.md recommends", "bytes", {
        ...{ ours: set, peer, goal: ratioAtMost(0.6) },
      }),
      row("of it the hash, default settings", "bytes", { ours: usual.hash }),
      row("of it the hash, as recommended", "bytes", { ours: asSet.hash }),
      row("of it the places in two indexes and among the completed", "bytes", {
        ours: asSet.places,
      }),
    ];
  },
};

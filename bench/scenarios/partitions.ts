/**
 * Two worker processes work off no-ops in two partitions on two servers, and in three on a Cluster of three nodes, beside the
 * same two on one server. What partitions scale is what one Redis can do, and a machine with few cores has none left over
 * for it: so it is told how many tasks each second of CPU of the busiest server carries, beside what comes out by the clock.
 */
import { type BenchServer, type ServerOptions, withCluster, withServer } from "../bench-server.ts";
import { say } from "../interleave.ts";
import { type BenchOptions, type Row, ratioAtLeast, row, type Scenario } from "../scenario.ts";
import type { Side } from "../side.ts";
import { withSide } from "../side.ts";
import type { Runner, RunnerSettings } from "../sides/runner.ts";

/** Tasks a second. */
type Rates = { byClock: number; byCpu: number };
/** Where the tasks are, and how a worker finds them. */
type Layout = { name: string; servers: readonly BenchServer[]; settings: Partial<RunnerSettings> };

const slots = 100;
const nodes = 3;

async function processOn({ servers, settings }: Layout, tasks: number): Promise<Rates> {
  for (const server of servers) await server.empty();
  return withSide<Runner, Rates>("workstream-runner", { ...settings, slots }, (first) =>
    withSide<Runner, Rates>("workstream-runner", { ...settings, slots }, async (second) => {
      const groups = Math.ceil(tasks / 2_000);
      for (let group = 0; group < groups; group++) {
        await first.ask("fill", 1_000);
        await second.ask("fill", 1_000);
      }
      return measured([first, second], servers, groups * 2_000);
    }),
  );
}

/** From the first tenth, as everywhere. */
async function measured(
  runners: readonly Side<Runner>[],
  servers: readonly BenchServer[],
  tasks: number,
): Promise<Rates> {
  const reach = async (count: number) => {
    for (;;) {
      const done = await Promise.all(runners.map((runner) => runner.ask("done")));
      const sum = done.reduce((all, one) => all + one, 0);
      if (sum >= count) return sum;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const used = () => Promise.all(servers.map((server) => server.cpuSeconds()));
  for (const runner of runners) await runner.ask("start");
  const from = await reach(tasks / 10);
  const [startedAt, before] = [performance.now(), await used()];
  const to = await reach(tasks);
  const [endedAt, after] = [performance.now(), await used()];
  const busiest = Math.max(...after.map((seconds, index) => seconds - (before[index] ?? 0)));
  return { byClock: ((to - from) / (endedAt - startedAt)) * 1_000, byCpu: (to - from) / busiest };
}

function withLayouts<T>(
  options: ServerOptions,
  use: (one: Layout, shared: readonly Layout[]) => Promise<T>,
): Promise<T> {
  return withServer(options, (first) =>
    withServer(options, (second) =>
      withCluster(nodes, options, (cluster) =>
        use({ name: "on one server", servers: [first], settings: { url: first.url } }, [
          {
            name: "in 2 partitions on 2 servers",
            servers: [first, second],
            settings: { url: `${first.url} ${second.url}` },
          },
          {
            name: `in ${nodes} partitions on a Cluster of ${nodes} nodes`,
            servers: cluster.nodes,
            settings: { url: cluster.url, cluster: { prefix: "{workstream}:", partitions: nodes } },
          },
        ]),
      ),
    ),
  );
}

async function measureInTurn(
  layouts: readonly Layout[],
  { runs, tasks }: { runs: number; tasks: number },
): Promise<Map<Layout, Rates[]>> {
  const rates = new Map(layouts.map((layout) => [layout, [] as Rates[]]));
  for (let run = 0; run < runs; run++) {
    for (const layout of run % 2 === 0 ? layouts : layouts.toReversed()) {
      const found = await processOn(layout, tasks);
      rates.get(layout)?.push(found);
      say(
        `run ${run + 1}  ${layout.name}  ${Math.round(found.byClock)}/s, ${Math.round(found.byCpu)} a CPU second`,
      );
    }
  }
  return rates;
}

async function run({ isDurable, ...size }: BenchOptions & { tasks: number }): Promise<Row[]> {
  return withLayouts({ isDurable }, async (one, shared) => {
    const rates = await measureInTurn([one, ...shared], size);
    const figures = (layout: Layout, rate: keyof Rates) =>
      (rates.get(layout) ?? []).map((found) => found[rate]);
    return shared.flatMap((layout) => [
      row(`no-ops ${layout.name}, by CPU of the busiest`, "tasks/CPU s", {
        ours: figures(layout, "byCpu"),
        peer: { name: one.name, figures: figures(one, "byCpu") },
        goal: ratioAtLeast(1.3),
      }),
      row(`no-ops ${layout.name}, by the clock`, "tasks/s", {
        ours: figures(layout, "byClock"),
        peer: { name: one.name, figures: figures(one, "byClock") },
      }),
    ]);
  });
}

export const partitions: Scenario = {
  name: "partitions",
  describes:
    "Two worker processes work off no-ops in two partitions on two servers, in three on a Cluster of three nodes, and on one server.",
  size: 40_000,
  hasDurable: true,
  run,
};

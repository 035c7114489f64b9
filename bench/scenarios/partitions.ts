/**
 * Two worker processes work off no-ops in two partitions on two servers, beside the same two on one server. What partitions
 * scale is what one Redis can do, and a machine with few cores has none left over for it: so it is told how many tasks each
 * second of CPU of the busiest server carries, beside what comes out by the clock.
 */
import { type BenchServer, withServer } from "../bench-server.ts";
import { say } from "../interleave.ts";
import { ratioAtLeast, row, type Scenario } from "../scenario.ts";
import type { Side } from "../side.ts";
import { withSide } from "../side.ts";
import type { Runner } from "../sides/runner.ts";

type Rates = { byClock: number; byCpu: number };

const slots = 100;

async function processOn(servers: readonly BenchServer[], tasks: number): Promise<Rates> {
  for (const server of servers) await server.empty();
  const settings = { url: servers.map(({ url }) => url).join(" "), slots };
  return withSide<Runner, Rates>("workstream-runner", settings, (first) =>
    withSide<Runner, Rates>("workstream-runner", settings, async (second) => {
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

export const partitions: Scenario = {
  name: "partitions",
  describes: "Two worker processes work off no-ops in two partitions on two servers, and on one server.",
  size: 40_000,
  hasDurable: true,
  run: ({ runs, tasks, isDurable }) =>
    withServer({ isDurable }, (first) =>
      withServer({ isDurable }, async (second) => {
        const [one, two]: [Rates[], Rates[]] = [[], []];
        for (let run = 0; run < runs; run++) {
          const sides = [() => processOn([first], tasks), () => processOn([first, second], tasks)] as const;
          for (const index of run % 2 === 0 ? [0, 1] : [1, 0]) {
            const rates = await (sides[index] ?? sides[0])();
            (index === 0 ? one : two).push(rates);
            say(
              `run ${run + 1}  ${index + 1} server  ${Math.round(rates.byClock)}/s, ${Math.round(rates.byCpu)} a CPU second`,
            );
          }
        }
        const name = "on one server";
        const figures = (side: Rates[], rate: keyof Rates) => side.map((rates) => rates[rate]);
        return [
          row("no-ops in 2 partitions, by CPU of the busiest server", "tasks/CPU s", {
            ours: figures(two, "byCpu"),
            peer: { name, figures: figures(one, "byCpu") },
            goal: ratioAtLeast(1.3),
          }),
          row("no-ops in 2 partitions, by the clock", "tasks/s", {
            ours: figures(two, "byClock"),
            peer: { name, figures: figures(one, "byClock") },
          }),
        ];
      }),
    ),
};

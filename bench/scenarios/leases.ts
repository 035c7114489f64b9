/** Many long tasks at once: every lease has to be extended several times before its task is done. */
import { withServer } from "../bench-server.ts";
import { oursAtMost, row, type Scenario } from "../scenario.ts";
import { withSide } from "../side.ts";
import type { Runner } from "../sides/runner.ts";

const [slots, slowMs] = [1_000, 10_000];

type Held = { lost: number; seconds: number };

export const leases: Scenario = {
  name: "leases",
  describes: "One worker process with 1,000 slots runs tasks of 10 s.",
  size: 2_000,
  hasDurable: true,
  run: ({ tasks, isDurable }) =>
    withServer({ isDurable }, async (server) => {
      const settings = { url: server.url, slots, slowMs };
      const { lost, seconds } = await withSide<Runner, Held>(
        "workstream-runner",
        settings,
        async (runner) => {
          await runner.ask("fill", tasks);
          const startedAt = performance.now();
          await runner.ask("process", tasks);
          return { lost: await runner.ask("lost"), seconds: (performance.now() - startedAt) / 1000 };
        },
      );
      const ideal = (Math.ceil(tasks / slots) * slowMs) / 1000;
      return [
        row("leases lost", "tasks", { ours: [lost], goal: oursAtMost(0) }),
        row(`time until all were done, of ${ideal} s that they run`, "s", { ours: [seconds] }),
      ];
    }),
};

import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { startService, type TaskModuleOptions, withTaskModules } from "../task-module-options.ts";

export function addApiCommand(program: Command): void {
  const command = program
    .command("api")
    .description("run a gateway; the tasks are in Redis and workers run elsewhere")
    .action((options: TaskModuleOptions) =>
      startService("api", { servesApi: true, runsTasks: false }, options),
    );
  withExamples(withTaskModules(command), [
    ["workstream api", "with REDIS_URL set"],
    [
      "workstream api --tasks ./my-tasks.ts",
      "accept task types of your own too; give workers the same modules",
    ],
  ]);
}

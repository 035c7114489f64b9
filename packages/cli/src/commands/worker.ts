import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { startService, type TaskModuleOptions, withTaskModules } from "../task-module-options.ts";

export function addWorkerCommand(program: Command): void {
  const command = program
    .command("worker")
    .description("run a worker; the tasks are in Redis. Start as many as you like")
    .action((options: TaskModuleOptions) =>
      startService("worker", { servesApi: false, runsTasks: true }, options),
    );
  withExamples(withTaskModules(command), [
    ["workstream worker", "with REDIS_URL set"],
    ["workstream worker --tasks ./my-tasks.ts", "run task types of your own too"],
  ]);
}

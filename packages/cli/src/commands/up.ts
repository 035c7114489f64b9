import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { startService, type TaskModuleOptions, withTaskModules } from "../task-module-options.ts";

export function addUpCommand(program: Command): void {
  const command = program
    .command("up")
    .description("run everything in one process: store, gateway and worker")
    .action((options: TaskModuleOptions) =>
      startService("up", { servesApi: true, runsTasks: true }, options),
    );
  withExamples(withTaskModules(command), [
    ["workstream up", "the embedded store in DATA_DIR, the gateway on API_PORT, one worker"],
    ["workstream up --tasks ./my-tasks.ts", "with task types of your own"],
  ]);
}

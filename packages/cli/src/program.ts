import { Command } from "commander";
import { addApiCommand } from "./commands/api.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addFakeOpenRouterCommand } from "./commands/fake-openrouter.ts";
import { addQueueCommands } from "./commands/queue.ts";
import { addResetCommand } from "./commands/reset.ts";
import { addServiceCommands } from "./commands/service.ts";
import { addTaskCommands } from "./commands/task.ts";
import { addUpCommand } from "./commands/up.ts";
import { addWorkerCommand } from "./commands/worker.ts";
import { exitCodeHelp } from "./exit-codes.ts";
import { programVersion } from "./program-version.ts";

const quickStart = `Examples:
  $ workstream up
      everything on this machine, with nothing installed
  $ workstream task add report.pdf --wait
      the text of a PDF
  $ workstream doctor
      what is wrong, and what to do about it`;

/** The whole command line. Errors of usage are thrown, never an exit. */
export function createProgram(): Command {
  const program = new Command("workstream")
    .description("Runs slow, failing, metered work outside the request that asked for it.")
    .version(programVersion())
    .configureHelp({ showGlobalOptions: false })
    .showHelpAfterError("(--help says more)")
    .addHelpText(
      "after",
      `\n${quickStart}\n\n${exitCodeHelp()}\n\nSettings are environment variables, read from .env too: docs/configuration.md.`,
    );
  addUpCommand(program);
  addApiCommand(program);
  addWorkerCommand(program);
  addTaskCommands(program);
  addQueueCommands(program);
  addServiceCommands(program);
  addDemoCommand(program);
  addResetCommand(program);
  addDoctorCommand(program);
  addFakeOpenRouterCommand(program);
  throwOnExit(program);
  return program;
}

/** commander would call process.exit, which cuts off what is still being written. */
function throwOnExit(command: Command): void {
  command.exitOverride();
  command.commands.forEach(throwOnExit);
}

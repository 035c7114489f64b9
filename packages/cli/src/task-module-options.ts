import type { Command } from "commander";
import type { ServiceRoles } from "./running-service.ts";

export type TaskModuleOptions = { tasks?: string[] };

/** Adds --tasks to a command that starts a service. */
export function withTaskModules(command: Command): Command {
  return command.option(
    "--tasks <module...>",
    "modules with task types of your own, .mjs, .js or .ts (also TASKS, between commas)",
  );
}

/** Loads what a service needs (the store, the gateway, the worker) only now: no other command wants to wait for it. */
export async function startService(
  command: string,
  roles: ServiceRoles,
  options: TaskModuleOptions,
): Promise<void> {
  const { runService } = await import("./run-service.ts");
  await runService(command, roles, options);
}

import { setTimeout as sleep } from "node:timers/promises";
import type { TaskCatalog } from "@workstream/core";
import { builtInTasks } from "@workstream/tasks";
import { createCatalog, type TaskDefinition } from "@workstream/worker";
import type { Logger } from "pino";
import { announce } from "./announce.ts";
import { CliError } from "./cli-error.ts";
import { exposure, ports, summaryModel } from "./config.ts";
import type { Config } from "./config-schema.ts";
import { createLogger } from "./create-logger.ts";
import { dashboardFolder } from "./dashboard-folder.ts";
import { exitCodes } from "./exit-codes.ts";
import { loadTaskModules } from "./load-task-modules.ts";
import { openConfig } from "./open-config.ts";
import { assertSharedStore } from "./open-stores.ts";
import { builtInTaskOptions } from "./openrouter-parts.ts";
import { RunningService, type ServiceRoles } from "./running-service.ts";
import { awaitStop, type StopReason } from "./stop-signals.ts";
import type { TaskModuleOptions } from "./task-module-options.ts";

/** After a crash the process can't be trusted for long: this is for handing back what it runs. */
const crashGraceMs = 3_000;
/** Past the grace period, for closing the store. */
const closingMs = 5_000;

/** Runs `up`, `api` or `worker` until a signal, and ends the process. */
export async function runService(
  command: string,
  roles: ServiceRoles,
  options: TaskModuleOptions,
): Promise<void> {
  const { config, warnings } = openConfig(roles.servesApi ? [exposure, ports, summaryModel] : [summaryModel]);
  if (!(roles.servesApi && roles.runsTasks)) assertSharedStore(config, command);
  const logger = createLogger(config);
  for (const warning of warnings) logger.warn(warning);
  const stopping = awaitStop(logger);
  const definitions = await ownAndBuiltIn(config, options);
  const catalog = catalogOf(definitions);
  const parts = { config, roles, definitions, catalog, logger };
  const service = await RunningService.start({ ...parts, dashboardFolder: dashboardFolder() });
  const { address, dashboardAddress } = service;
  announce({ config, roles, definitions, logger, address, dashboardAddress });
  await stop(service, await stopping, { config, logger });
}

function ownAndBuiltIn(config: Config, { tasks = [] }: TaskModuleOptions): Promise<TaskDefinition[]> {
  const builtIn = builtInTasks(builtInTaskOptions(config));
  return loadTaskModules(builtIn, [...new Set([...config.TASKS, ...tasks])]);
}

/** @throws CliError (badUsage) for definitions that don't go together, before anything is opened */
function catalogOf(definitions: readonly TaskDefinition[]): TaskCatalog {
  try {
    return createCatalog(definitions);
  } catch (error) {
    throw new CliError("badUsage", error instanceof Error ? error.message : String(error), error);
  }
}

async function stop(
  service: RunningService,
  reason: StopReason,
  { config, logger }: { config: Config; logger: Logger },
): Promise<never> {
  const isCrash = reason.kind === "crash";
  const graceMs = isCrash ? crashGraceMs : config.SHUTDOWN_GRACE_SECONDS * 1000;
  if (reason.kind === "signal") {
    logger.info({ signal: reason.signal, graceMs }, "stopping: what runs may finish (Ctrl-C again: at once)");
  }
  const isClean = await endsWithin(service.stop({ graceMs, isForced: isCrash }), graceMs + closingMs, logger);
  if (isClean) logger.info("stopped");
  process.exit(isCrash || !isClean ? exitCodes.failed.code : exitCodes.done.code);
}

async function endsWithin(stopped: Promise<void>, deadlineMs: number, logger: Logger): Promise<boolean> {
  try {
    const overdue = sleep(deadlineMs, "overdue" as const, { ref: false });
    if ((await Promise.race([stopped, overdue])) !== "overdue") return true;
    logger.error({ deadlineMs }, "the stop took too long: what is left comes back when its lease runs out");
  } catch (error) {
    logger.error({ err: error }, "the stop failed: what is left comes back when its lease runs out");
  }
  return false;
}

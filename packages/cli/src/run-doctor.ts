import { hostname } from "node:os";
import { CliError } from "./cli-error.ts";
import { exposure, loadConfig, ports, summaryModel } from "./config.ts";
import type { Config } from "./config-schema.ts";
import { checkTable, type DoctorCheck, fail, ok, warn } from "./doctor-check.ts";
import { checkGateway } from "./doctor-gateway.ts";
import { checkDataDirectory, checkNode } from "./doctor-machine.ts";
import { checkRedis, checkWorkerOf } from "./doctor-redis.ts";
import { checkKey } from "./doctor-service.ts";
import { readEnvironment } from "./environment.ts";
import { connectGateway, type GatewayOptions } from "./gateway-options.ts";
import { openConfig } from "./open-config.ts";
import { assertSharedStore } from "./open-stores.ts";
import { print, printJson } from "./output.ts";

export type DoctorOptions = GatewayOptions & { json?: boolean; worker?: boolean };

/** @throws CliError (failed) when a check failed */
export async function runDoctor(options: DoctorOptions): Promise<void> {
  const checks = options.worker ? await workerOnly() : await allChecks(options);
  if (options.json) printJson(checks);
  else print(checkTable(checks));
  const failed = checks.filter(({ status }) => status === "fail").length;
  if (failed > 0)
    throw new CliError("failed", failed === 1 ? "One check failed." : `${failed} checks failed.`);
}

/** Whether the worker in this container, or on this machine, lives, as its store sees it. */
async function workerOnly(): Promise<DoctorCheck[]> {
  const { config } = openConfig([summaryModel]);
  assertSharedStore(config, "doctor --worker");
  return checkWorkerOf(hostname(), config);
}

async function allChecks(options: DoctorOptions): Promise<DoctorCheck[]> {
  const loaded = loadConfig(readEnvironment(), [exposure, ports, summaryModel]);
  const warnings = loaded.warnings.map((warning) => warn("config", warning));
  if (!loaded.isValid) {
    const problems = loaded.problems.map((problem) => fail("config", problem));
    return [checkNode(), ...problems, ...warnings];
  }
  const valid = ok("config", "Every setting is allowed.");
  return [checkNode(), valid, ...warnings, ...(await systemChecks(loaded.config, options))];
}

async function systemChecks(config: Config, options: DoctorOptions): Promise<DoctorCheck[]> {
  const isExpected = options.url !== undefined || config.WORKSTREAM_URL !== undefined;
  const hasRedis = config.REDIS_URL !== undefined;
  const store = hasRedis ? await checkRedis(config) : await checkDataDirectory(config);
  const gateway = await checkGateway(connectGateway(options), { isExpected, asksFleet: !hasRedis });
  return [checkKey(config), ...store, ...gateway];
}

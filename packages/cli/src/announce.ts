import type { TaskDefinition } from "@workstream/worker";
import type { Logger } from "pino";
import type { Config } from "./config-schema.ts";
import { storeName } from "./open-stores.ts";
import { print, styled } from "./output.ts";
import { programVersion } from "./program-version.ts";
import type { ServiceRoles } from "./running-service.ts";

export type Started = {
  config: Config;
  roles: ServiceRoles;
  definitions: readonly TaskDefinition[];
  logger: Logger;
  address: string | null;
  dashboardAddress: string | null;
};

/** Tells that the service is up: a few readable lines on a terminal, one JSON line elsewhere. */
export function announce({ config, roles, definitions, logger, ...at }: Started): void {
  const { address, dashboardAddress: dashboard } = at;
  const version = programVersion();
  const store = storeName(config);
  // What a gateway accepts, and a worker runs.
  const types = definitions.map(({ type }) => type);
  const tryIt = address === null ? null : curlLine(config, address);
  if (process.stdout.isTTY !== true) {
    const docs = address === null ? null : `${address}/docs`;
    logger.info({ version, dashboard, url: address, docs, store, types, try: tryIt }, "ready");
    return;
  }
  const lines = [
    ["", styled("bold", `Workstream ${version} is running.`)],
    dashboard === null ? [] : ["Open", `${styled("bold", dashboard)}   the dashboard`],
    address === null ? [] : ["API", `${address}   reference: ${address}/docs`],
    ["Store", store],
    !roles.runsTasks ? [] : ["Worker", `${config.WORKER_CONCURRENCY} tasks at a time: ${types.join(", ")}`],
    tryIt === null ? [] : ["Try", tryIt],
    ["", "Ctrl-C stops it."],
  ];
  const shown = lines.filter((line) => line.length > 0);
  print(
    `\n${shown.map(([name = "", text = ""]) => (name ? `  ${name.padEnd(8)}${text}` : text)).join("\n")}\n`,
  );
}

function curlLine({ AUTH, API_KEYS }: Config, address: string): string {
  const needsKey = AUTH !== "off" && API_KEYS.length > 0;
  const key = needsKey ? ` -H "authorization: Bearer $API_KEY"` : "";
  const body = `'{"content":"Bees pollinate flowers. Without them there would be no apples."}'`;
  return `curl -s ${address}/api/v1/tasks/summarize${key} -H "content-type: application/json" -d ${body}`;
}

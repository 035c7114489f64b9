import type { QueueStatus } from "@workstream/core";
import { CliError } from "./cli-error.ts";
import type { Config } from "./config-schema.ts";
import { createGatewayClient } from "./gateway-client.ts";
import { gatewayAddress } from "./gateway-options.ts";
import { openConfig } from "./open-config.ts";
import { print, printJson } from "./output.ts";
import { statusLine } from "./queue-view.ts";
import { resettableRedis } from "./reset-redis.ts";
import { resettableSqlite } from "./reset-sqlite.ts";
import type { ResettableStore } from "./resettable-store.ts";

export type ResetOptions = { confirm?: boolean; force?: boolean; json?: boolean };

/** @throws CliError (refused) while something uses the store */
export async function runReset(options: ResetOptions): Promise<void> {
  const { config } = openConfig();
  const store = resettableStore(config);
  const { status, inUse } = await store.look();
  const users = [...inUse, ...(await liveGateway())];
  const shown = { store: store.name, in_use: users, ...wireStatus(status) };
  if (status === null && users.length === 0)
    return report(options, { ...shown, erased: null }, "Nothing is there.");
  if (!options.confirm) {
    const advice =
      users.length > 0 ? "stop what is running first, then --confirm does it" : "--confirm does it";
    return report(options, { ...shown, erased: null }, `Nothing was deleted: ${advice}.`);
  }
  if (users.length > 0 && !options.force) {
    throw new CliError("refused", `${users.join(" ")} Stop what is running first, or add --force.`);
  }
  const erased = await store.erase();
  report(options, { ...shown, erased }, `Deleted ${erased}.`);
}

function resettableStore(config: Config): ResettableStore {
  const { REDIS_URL } = config;
  return REDIS_URL === undefined ? resettableSqlite(config) : resettableRedis({ ...config, REDIS_URL });
}

/** A gateway may have no worker to give it away. */
async function liveGateway(): Promise<string[]> {
  const address = gatewayAddress({});
  try {
    await createGatewayClient(address).get("/live");
    return [`A gateway answers at ${address.url}.`];
  } catch {
    return [];
  }
}

type ResetReport = {
  store: string;
  in_use: string[];
  erased: string | null;
  queues?: QueueStatus["queues"];
  states?: QueueStatus["states"];
};

function wireStatus(status: QueueStatus | null): Pick<ResetReport, "queues" | "states"> {
  return status === null ? {} : { queues: status.queues, states: status.states };
}

function report({ json }: ResetOptions, shown: ResetReport, outcome: string): void {
  if (json) printJson(shown);
  else print([...reportLines(shown), outcome].join("\n"));
}

function reportLines({ store, queues, states, in_use }: ResetReport): string[] {
  const counts = queues && states ? [statusLine({ queues, states, retry_ratio: 0 })] : [];
  return [store, ...counts, ...in_use];
}

import { join, resolve } from "node:path";
import type { Stores } from "@workstream/core";
import type { Logger } from "pino";
import { CliError } from "./cli-error.ts";
import type { Config } from "./config-schema.ts";
import { retryRatioSettings } from "./retry-ratio-settings.ts";

/**
 * Opens Redis when REDIS_URL is set, else the SQLite file under DATA_DIR. Only the one that is used is loaded.
 * @throws store_unavailable, with a sentence that says what to do · invalid_input for a URL that can't be used
 */
export async function openStores(config: Config, logger?: Logger): Promise<Stores> {
  const shared = { maxInputBytes: config.MAX_INPUT_BYTES, retryRatio: retryRatioSettings(config) };
  if (config.REDIS_URL !== undefined) {
    const { openRedisStores } = await import("@workstream/redis");
    const place = redisPlace({ ...config, REDIS_URL: config.REDIS_URL });
    return openRedisStores({ ...shared, ...place, ...(logger && { logger }) });
  }
  const { openSqliteStores } = await import("@workstream/sqlite");
  const { DURABILITY: durability, MAX_LOST_WORKERS: maxLostWorkers } = config;
  return openSqliteStores({ ...shared, path: databasePath(config), durability, maxLostWorkers });
}

/** Where the keys are. */
export function redisPlace(
  config: Pick<Config, "REDIS_KEY_PREFIX" | "REDIS_PARTITIONS"> & { REDIS_URL: string },
) {
  const { REDIS_URL: url, REDIS_KEY_PREFIX: prefix, REDIS_PARTITIONS: partitions } = config;
  return { url, prefix, partitions };
}

/** The embedded store serves one process, so a gateway or a worker alone would have nobody to work with. */
export function assertSharedStore({ REDIS_URL }: Pick<Config, "REDIS_URL">, command: string): void {
  if (REDIS_URL !== undefined) return;
  throw new CliError(
    "badUsage",
    `${command} alone needs a store that processes share: set REDIS_URL, or run everything in one process with \`workstream up\`.`,
  );
}

export function databasePath({ DATA_DIR }: Pick<Config, "DATA_DIR">): string {
  return join(resolve(DATA_DIR), "workstream.db");
}

/** Where the tasks are, without the password. */
export function storeName(config: Pick<Config, "REDIS_URL" | "DATA_DIR">): string {
  if (config.REDIS_URL === undefined) return `SQLite ${databasePath(config)}`;
  // Up to the last @ of each URL, in case an unescaped one stands in the password.
  const withoutLogin = (url: string) => url.replace(/\/\/.*@/, "//");
  const servers = config.REDIS_URL.split(/\s+/).map((server) =>
    server
      .split(/,(?=rediss?:\/\/)/)
      .map(withoutLogin)
      .join(","),
  );
  return `Redis ${servers.join(" ")}`;
}

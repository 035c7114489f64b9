/** The main connection to Redis, with its scripts and its clock. */
import { defaultRetryRatio, type RetryRatioSettings, WorkstreamError } from "@workstream/core";
import { Connection, type ConnectionLogger, type ConnectionSettings } from "./connection.ts";
import { redisKeys } from "./keys.ts";
import { redisClient } from "./redis-client.ts";
import { describeTarget, parseRedisUrl, type RedisTarget } from "./redis-url.ts";
import { retryShareText } from "./retry-share.ts";
import { ScriptRunner } from "./script-loader.ts";
import { StoreClock } from "./store-clock.ts";
import type { StoreLink } from "./store-link.ts";

export type LinkOptions = {
  url: string;
  prefix?: string;
  /** Stands in the connection's name, for CLIENT LIST. */
  role: string;
  now?: (() => number) | undefined;
  retryRatio?: RetryRatioSettings | undefined;
  connectTimeoutMs?: number | undefined;
  commandTimeoutMs?: number | undefined;
  logger?: ConnectionLogger | undefined;
};

export type OpenedLink = StoreLink & { target: RedisTarget; settings: ConnectionSettings };

/** @throws invalid_input for a URL or prefix that can't be used · store_unavailable */
export async function openLink(options: LinkOptions): Promise<OpenedLink> {
  const target = parseRedisUrl(options.url);
  const keys = redisKeys(options.prefix);
  if (target.kind === "cluster" && !/\{[^{}]+\}/.test(keys.prefix)) throw noHashTag();
  const settings = {
    where: describeTarget(target),
    commandTimeoutMs: options.commandTimeoutMs ?? 5_000,
    logger: options.logger,
  };
  const connection = new Connection(redisClient(target, `workstream:${options.role}`), settings);
  const isCluster = target.kind === "cluster";
  const scripts = new ScriptRunner(connection, {
    keys,
    now: options.now,
    ratio: retryShareText(options.retryRatio ?? defaultRetryRatio),
    isCluster,
    hasPeers: target.kind !== "single",
  });
  const clock = new StoreClock(options.now);
  try {
    await connection.open(options.connectTimeoutMs ?? 4_000);
    await clock.follow(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
  return { connection, scripts, keys, clock, target, settings, isCluster };
}

function noHashTag(): WorkstreamError {
  const message =
    "On a Redis Cluster the key prefix must carry a hash tag, for example {workstream}: so that all keys share a slot.";
  return new WorkstreamError("invalid_input", message);
}

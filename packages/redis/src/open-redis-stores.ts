import { maxCachedBytes, maxCachedResults, type RetryRatioSettings, type Stores } from "@workstream/core";
import { RedisBulkOperations } from "./bulk-operations.ts";
import { Connection, type ConnectionLogger } from "./connection.ts";
import { RedisEvents } from "./event-feed.ts";
import { RedisInputs } from "./input-store.ts";
import { startLeaseGuard } from "./lease-guard.ts";
import { RedisMetrics } from "./metrics.ts";
import { type OpenedLink, openLink } from "./open-link.ts";
import { composeStores } from "./partitions/compose-stores.ts";
import type { KeySpace } from "./partitions/key-space.ts";
import { partitionPlaces } from "./partitions/partition-places.ts";
import { assertAlone } from "./partitions/partition-records.ts";
import { RedisProbe } from "./probe.ts";
import { redisClient, singleClient } from "./redis-client.ts";
import { RedisResultCache } from "./result-cache.ts";
import { RedisGuards } from "./service-guards.ts";
import { RedisServiceRecords } from "./service-records.ts";
import { Subscriber } from "./subscriber.ts";
import { RedisIntake } from "./task-intake.ts";
import { RedisLeases } from "./task-leases.ts";
import { RedisManagement } from "./task-management.ts";
import { RedisTaskOutputs } from "./task-outputs.ts";
import { RedisReading } from "./task-reading.ts";
import { RedisTaskSteps } from "./task-steps.ts";
import { type TaskRoles, taskStore } from "./task-store.ts";
import { RedisUpkeep } from "./task-upkeep.ts";
import { WakeUps } from "./wake-ups.ts";
import { RedisWorkers } from "./worker-registry.ts";

export type RedisStoresOptions = {
  /**
   * `redis://`, `rediss://`, `redis+sentinel://host:port,…/master`, `redis+cluster://host:port,…`; or several of them with
   * blanks between them, a partition each.
   */
  url: string;
  /** Stands before every key and channel; on a Cluster it must carry a hash tag. Empty by default. */
  prefix?: string;
  /** How many partitions there are, 1–64; as many as URLs by default. */
  partitions?: number | undefined;
  /** Epoch ms in place of the store's clock, for tests. */
  now?: () => number;
  /** Bound on the sum of stored inputs, bytes; 2 GiB by default. */
  maxInputBytes?: number;
  /** Bounds of the result cache; 10,000 results and 256 MiB by default. */
  maxCachedResults?: number;
  maxCachedBytes?: number;
  /** The share of retries that `status` reports; what a claim takes is the claim's own setting. */
  retryRatio?: RetryRatioSettings;
  /** How long the first connection may take, ms; 4,000 by default. */
  connectTimeoutMs?: number;
  /** How long a command may go unanswered before the connection is rebuilt, ms; 5,000 by default. */
  commandTimeoutMs?: number;
  logger?: ConnectionLogger;
};

const twoGiB = 2 * 1024 ** 3;

/**
 * Opens every store on one Redis, or in several partitions. Later outages are survived: the connections come back by
 * themselves, for ever.
 * @throws invalid_input for a URL, prefix or partitions that can't be used · store_unavailable when Redis can't be reached
 */
export async function openRedisStores(options: RedisStoresOptions): Promise<Stores> {
  const places = partitionPlaces(options);
  const opened = await Promise.allSettled(places.map((place) => openKeySpace({ ...options, ...place })));
  const spaces = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = opened.find((one) => one.status === "rejected");
  try {
    if (failed) throw failed.reason;
    const [only, ...others] = spaces;
    if (!only || others.length > 0) return await composeStores(spaces, options.logger);
    await assertAlone(only);
    return only.stores;
  } catch (error) {
    await Promise.all(spaces.map(({ stores }) => stores.close()));
    throw error;
  }
}

/** All stores in one key space: a partition, or the only one. */
async function openKeySpace(options: RedisStoresOptions): Promise<KeySpace> {
  const link = await openLink({ ...options, role: "main" });
  const { target, settings } = link;
  const inputs = new RedisInputs(link, options.maxInputBytes ?? twoGiB);
  const subscriber = new Subscriber(singleClient(target, "workstream:subscriber"), settings);
  const wakeUps = new WakeUps(link, () => new Connection(redisClient(target, "workstream:wait"), settings));
  const connections = () => ({
    main: link.connection,
    subscriber: subscriber.connection,
    ...Object.fromEntries(wakeUps.connections.map((connection, index) => [`wait${index + 1}`, connection])),
  });
  const place = { url: options.url, prefix: link.keys.prefix };
  const stores: Stores = {
    tasks: taskStore(taskRoles(link, inputs, wakeUps)),
    inputs,
    workers: new RedisWorkers(link, subscriber),
    events: new RedisEvents(link, subscriber),
    metrics: new RedisMetrics(link),
    guards: new RedisGuards(link, subscriber),
    services: new RedisServiceRecords(link),
    outputs: new RedisTaskOutputs(link, subscriber),
    steps: new RedisTaskSteps(link),
    cache: new RedisResultCache(link, {
      maxResults: options.maxCachedResults ?? maxCachedResults,
      maxBytes: options.maxCachedBytes ?? maxCachedBytes,
    }),
    operations: new RedisBulkOperations(link),
    probe: new RedisProbe(link, connections),
    guardLeases: (guard) => startLeaseGuard({ ...guard, places: [place] }, options.logger),
    async close() {
      link.clock.stop();
      for (const connection of Object.values(connections())) connection.close();
      subscriber.close();
    },
  };
  return { place, link, inputs, stores };
}

function taskRoles(link: OpenedLink, inputs: RedisInputs, wakeUps: WakeUps): TaskRoles {
  return {
    intake: new RedisIntake(link, inputs),
    leases: new RedisLeases(link, inputs, wakeUps),
    management: new RedisManagement(link),
    reading: new RedisReading(link, inputs),
    upkeep: new RedisUpkeep(link),
  };
}

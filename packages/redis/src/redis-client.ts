/**
 * Makes ioredis clients that never resend.
 *
 * By default ioredis resends what was not answered: one cut reply made a claim of ten take two tens, the first known to
 * nobody. So nothing is resent or queued, here and in Cluster, and every caller learns what became of its command.
 */
import { Cluster, Redis } from "ioredis";
import type { RedisTarget } from "./redis-url.ts";

export type RedisClient = Redis | Cluster;

const connectTimeoutMs = 3_000;
/** A socket that is given up is not waited for: the other side may be frozen. */
const disconnectTimeoutMs = 100;
/** A Cluster's connections to its nodes are out of our sight: this ends a handshake that is never answered. */
const clusterCommandTimeoutMs = 10_000;

/**
 * Exponential from 50 ms to 1.5 s, the half of it random, for ever. Workers should consume again within 5 s of the
 * server's return, and their claim loop waits up to 2 s by itself.
 */
export function reconnectDelayMs(times: number): number {
  const ceilingMs = Math.min(50 * 2 ** Math.min(times, 10), 1_500);
  return Math.round(ceilingMs * (0.5 + Math.random() / 2));
}

const neverResend = {
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  enableAutoPipelining: false,
  autoResubscribe: false,
  keepAlive: 10_000,
  connectTimeout: connectTimeoutMs,
  disconnectTimeout: disconnectTimeoutMs,
  // After a failover the old master only reads: the connection looks for the new one.
  reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
} as const;

/** Not connected yet: call `connect`. */
export function redisClient(target: RedisTarget, connectionName: string): RedisClient {
  if (target.kind === "cluster") {
    return new Cluster(target.nodes, {
      lazyConnect: true,
      enableOfflineQueue: false,
      // These two resend commands whose reply was lost.
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      clusterRetryStrategy: reconnectDelayMs,
      redisOptions: {
        ...loginOptions(target),
        ...neverResend,
        connectionName,
        commandTimeout: clusterCommandTimeoutMs,
      },
    });
  }
  return singleClient(target, connectionName);
}

/** A connection to one node: in a Cluster to any, which will do for pub/sub, and to another after each failure. */
export function singleClient(target: RedisTarget, connectionName: string): Redis {
  const client = new Redis({
    ...addressOptions(target),
    ...loginOptions(target),
    ...neverResend,
    lazyConnect: true,
    connectionName,
    retryStrategy: reconnectDelayMs,
  });
  if (target.kind === "cluster") {
    client.on("reconnecting", () => Object.assign(client.options, anyNode(target.nodes)));
  }
  return client;
}

function anyNode<Node>(nodes: readonly Node[]): Node | undefined {
  return nodes[Math.floor(Math.random() * nodes.length)];
}

function addressOptions(target: RedisTarget) {
  if (target.kind === "single") return { ...target.address, db: target.db };
  if (target.kind === "sentinel") {
    return {
      sentinels: target.sentinels,
      name: target.master,
      db: target.db,
      sentinelRetryStrategy: reconnectDelayMs,
    };
  }
  return anyNode(target.nodes) ?? {};
}

function loginOptions({ login, isTls }: RedisTarget) {
  return { ...login, ...(isTls && { tls: {} }) };
}

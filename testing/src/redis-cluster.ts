/** A private Redis Cluster for tests: nodes without replicas, the slots split evenly among them, as `redis-cli` does it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import { type RedisServer, type RedisServerOptions, startRedisServer } from "./redis-server.ts";
import { until } from "./until.ts";

/** Starts so many nodes (three at least) and waits until each knows of all slots. */
export async function startRedisCluster(
  count: number,
  { config = {} }: RedisServerOptions = {},
): Promise<RedisCluster> {
  const options = { config: { ...config, "cluster-enabled": "yes" } };
  const cluster = new RedisCluster(
    await Promise.all(Array.from({ length: count }, () => startRedisServer(options))),
  );
  try {
    await cluster.form();
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

export class RedisCluster {
  readonly nodes: readonly RedisServer[];

  constructor(nodes: readonly RedisServer[]) {
    this.nodes = nodes;
  }

  get url(): string {
    return `redis+cluster://${this.#addresses.join(",")}`;
  }

  get #addresses(): string[] {
    return this.nodes.map(({ port }) => `127.0.0.1:${port}`);
  }

  async form(): Promise<void> {
    await promisify(execFile)("redis-cli", ["--cluster", "create", ...this.#addresses, "--cluster-yes"]);
    const isKnown = (node: RedisServer) => until("the Cluster", () => knowsAll(node), { timeoutMs: 20_000 });
    await Promise.all(this.nodes.map(isKnown));
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}

async function knowsAll({ url }: RedisServer): Promise<boolean> {
  const redis = new Redis(url);
  const info = String(await redis.call("CLUSTER", "INFO"));
  redis.disconnect();
  return /cluster_state:ok/.test(info) && /cluster_slots_ok:16384/.test(info);
}

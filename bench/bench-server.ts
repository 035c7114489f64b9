/** The redis-server that both sides of a comparison use, and what it says about itself. */
import { type RedisServer, RedisTraffic, startRedisCluster, startRedisServer } from "@workstream/testing";
import { Redis } from "ioredis";

export type CommandCounts = { commands: number; scripts: number };

const scriptCommands = new Set(["evalsha", "eval", "fcall"]);
/** What this harness sends while it counts. */
const ownCommands = new Set([
  "info",
  "config|resetstat",
  "slowlog|get",
  "slowlog|reset",
  "config|set",
  "ping",
]);

export class BenchServer {
  readonly #server: RedisServer;
  readonly #admin: Redis;

  static async start(options: ServerOptions): Promise<BenchServer> {
    return new BenchServer(await startRedisServer(configOf(options)));
  }

  constructor(server: RedisServer) {
    this.#server = server;
    this.#admin = new Redis(server.url);
  }

  get url(): string {
    return this.#server.url;
  }

  async stop(): Promise<void> {
    this.#admin.disconnect();
    await this.#server.stop();
  }

  async empty(): Promise<void> {
    await this.#admin.flushall();
  }

  async usedMemory(): Promise<number> {
    return Number(/used_memory:(\d+)/.exec(await this.#admin.info("memory"))?.[1]);
  }

  /** Bytes of these keys together, every element counted. */
  async bytesOf(keys: readonly string[]): Promise<number> {
    const sizes = await Promise.all(keys.map((key) => this.#admin.memory("USAGE", key, "SAMPLES", "0")));
    return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  }

  /** The first ids of a sorted set. */
  firstIn(zset: string, count: number): Promise<string[]> {
    return this.#admin.zrange(zset, "0", String(count - 1));
  }

  /** Seconds of CPU that the server used, its threads included. */
  async cpuSeconds(): Promise<number> {
    const info = await this.#admin.info("cpu");
    const used = (part: string) => Number(new RegExp(`used_cpu_${part}:([\\d.]+)`).exec(info)?.[1]);
    return used("user") + used("sys");
  }

  /** Microseconds of CPU that the thread which runs all commands used: parsing, answering and the append-only file included. */
  async threadMicros(): Promise<number> {
    const info = await this.#admin.info("cpu");
    const used = (part: string) =>
      Number(new RegExp(`used_cpu_${part}_main_thread:([\\d.]+)`).exec(info)?.[1]);
    return 1e6 * (used("user") + used("sys"));
  }

  async keys(): Promise<number> {
    return this.#admin.dbsize();
  }

  /** Connections that listen for the changes of tasks. */
  async listeners(): Promise<number> {
    const [, count] = (await this.#admin.pubsub("NUMSUB", "queue-updates")) as [string, number];
    return Number(count);
  }

  /** Counts from here on. */
  async resetCounts(): Promise<void> {
    await this.#admin.config("RESETSTAT");
  }

  /** Commands, of which those in scripts are most, and scripts. */
  async counts(): Promise<CommandCounts> {
    const counts = { commands: 0, scripts: 0 };
    for (const [, name = "", calls] of (await this.#admin.info("commandstats")).matchAll(
      /cmdstat_([^:]+):calls=(\d+)/g,
    )) {
      if (ownCommands.has(name)) continue;
      counts[scriptCommands.has(name) ? "scripts" : "commands"] += Number(calls);
    }
    return counts;
  }

  /** Time that scripts held the server since the counts began, µs. */
  async scriptMicros(): Promise<number> {
    const stats = await this.#admin.info("commandstats");
    const micros = Array.from(
      stats.matchAll(/cmdstat_(?:eval|evalsha|fcall):calls=\d+,usec=(\d+)/g),
      ([, usec]) => Number(usec),
    );
    return micros.reduce((sum, usec) => sum + usec, 0);
  }

  /** How many commands clients send while `act` runs, a script as one. */
  async sentDuring(act: () => Promise<unknown>): Promise<number> {
    const traffic = await RedisTraffic.watch(this.url);
    const mark = (text: string) => this.#admin.echo(text);
    await traffic.take(mark);
    await act();
    const { sent } = await traffic.take(mark);
    traffic.close();
    return sent;
  }

  /** Notes from here on what holds the server. */
  async watchHolds(): Promise<void> {
    await this.#admin.config("SET", "slowlog-log-slower-than", "100");
    await this.#admin.config("SET", "slowlog-max-len", "100000");
    await this.#admin.call("SLOWLOG", "RESET");
  }

  /** The longest time a command or script held the server since, ms; 0 when none took 0.1 ms. */
  async longestHold(): Promise<number> {
    const entries = (await this.#admin.call("SLOWLOG", "GET", "-1")) as [number, number, number, string[]][];
    const own = /^(slowlog|config|flushall|info)$/i;
    const held = entries.filter(([, , , command]) => !own.test(command[0] ?? ""));
    return Math.max(0, ...held.map(([, , micros]) => micros / 1000));
  }

  /** Round trips of a ping until `isOver`, ms. */
  async pings(isOver: () => boolean): Promise<number[]> {
    const times: number[] = [];
    while (!isOver()) {
      const askedAt = performance.now();
      await this.#admin.ping();
      times.push(performance.now() - askedAt);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return times;
  }

  /** A subscriber on `queue-updates`, as a gateway is. */
  async observe(): Promise<() => void> {
    const observer = new Redis(this.url);
    await observer.subscribe("queue-updates");
    return () => observer.disconnect();
  }
}

export type ServerOptions = { isDurable?: boolean; config?: Record<string, string> };

const durable = { appendonly: "yes", appendfsync: "everysec" };
const configOf = ({ isDurable = false, config = {} }: ServerOptions) => ({
  config: { ...(isDurable && durable), ...config },
});

export async function withServer<T>(
  options: ServerOptions,
  use: (server: BenchServer) => Promise<T>,
): Promise<T> {
  const server = await BenchServer.start(options);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

/** A real Cluster of so many nodes, without replicas. */
export async function withCluster<T>(
  count: number,
  options: ServerOptions,
  use: (cluster: { url: string; nodes: readonly BenchServer[] }) => Promise<T>,
): Promise<T> {
  const cluster = await startRedisCluster(count, configOf(options));
  const nodes = cluster.nodes.map((node) => new BenchServer(node));
  try {
    return await use({ url: cluster.url, nodes });
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
  }
}

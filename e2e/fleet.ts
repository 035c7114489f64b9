/** A gateway and workers on one private Redis, each a process of its own. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, type RedisServer, startRedisServer, until } from "@workstream/testing";
import { Redis } from "ioredis";
import { call } from "./gateway.ts";
import { gatewayReady, type Program, probeModule, Stage } from "./program.ts";

export type FleetOptions = {
  redisConfig?: Record<string, string>;
  /** What the program sees instead of the server's own address, e.g. a proxy. */
  urlOf?: (server: RedisServer, stage: Stage) => Promise<string>;
  env?: Record<string, string>;
};

export type JournalLine = { event: "start" | "end"; id: string; attempt: number; token: string; pid: number };

export class Fleet {
  readonly stage = new Stage();
  readonly env: Record<string, string>;
  readonly server: RedisServer;
  /** Looks at keys behind the program's back, past what `urlOf` puts between. */
  readonly redis: Redis;
  readonly url: string;

  static async open(options: FleetOptions = {}): Promise<Fleet> {
    const server = await startRedisServer(options.redisConfig ? { config: options.redisConfig } : {});
    const fleet = new Fleet(server, await freePort(), options.env ?? {});
    fleet.stage.onClose(() => server.stop());
    fleet.stage.onClose(async () => fleet.redis.disconnect());
    fleet.env.REDIS_URL = (await options.urlOf?.(server, fleet.stage)) ?? server.url;
    fleet.env.PROBE_JOURNAL = join(await fleet.stage.folder(), "journal");
    return fleet;
  }

  private constructor(server: RedisServer, port: number, env: Record<string, string>) {
    this.server = server;
    this.redis = new Redis(server.url);
    this.redis.on("error", () => {});
    this.url = `http://127.0.0.1:${port}`;
    this.env = { API_PORT: String(port), ...env };
  }

  async startGateway(): Promise<Program> {
    const gateway = this.stage.start({ args: ["api", "--tasks", probeModule], env: this.env });
    await gatewayReady(this.url, gateway);
    return gateway;
  }

  startWorker(env: Record<string, string> = {}): Program {
    return this.stage.start({ args: ["worker", "--tasks", probeModule], env: { ...this.env, ...env } });
  }

  async workersReady(count: number): Promise<void> {
    await until(
      `${count} healthy workers`,
      async () => {
        const { body } = await call<{ healthy_workers: number }>(`${this.url}/api/v1/workers`);
        return body.healthy_workers >= count;
      },
      { timeoutMs: 20_000, everyMs: 50 },
    );
  }

  /** What the handlers wrote down, in order. */
  journal(): JournalLine[] {
    const file = this.env.PROBE_JOURNAL;
    if (!file || !existsSync(file)) return [];
    return readFileSync(file, "utf8").split("\n").filter(Boolean).map(readLine);
  }

  close(): Promise<void> {
    return this.stage.close();
  }
}

function readLine(line: string): JournalLine {
  const [event, id = "", attempt, token = "", pid] = line.split(" ");
  return { event: event as JournalLine["event"], id, attempt: Number(attempt), token, pid: Number(pid) };
}

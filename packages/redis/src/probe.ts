/** Whether Redis answers, and whether its settings keep tasks safe. */
import type { ConnectionStats, StoreAbout, StoreHealth, StoreProbe } from "@workstream/core";
import type { Connection } from "./connection.ts";
import type { StoreLink } from "./store-link.ts";

const nearlyFull = 0.9;

export class RedisProbe implements StoreProbe {
  readonly #link: StoreLink;
  readonly #connections: () => Record<string, Connection>;

  constructor(link: StoreLink, connections: () => Record<string, Connection>) {
    this.#link = link;
    this.#connections = connections;
  }

  async check(timeoutMs = 2_000): Promise<StoreHealth> {
    const startedAt = performance.now();
    const timer = { id: undefined as NodeJS.Timeout | undefined };
    const late = new Promise<null>((resolve) => {
      timer.id = setTimeout(resolve, timeoutMs, null);
    });
    const info = await Promise.race([late, this.#info().catch(() => null)]);
    clearTimeout(timer.id);
    if (info === null) return disconnected;
    const responseTimeMs = Math.round((performance.now() - startedAt) * 100) / 100;
    return { kind: "redis", isConnected: true, responseTimeMs, ...judge(info) };
  }

  async connectionStats(): Promise<ConnectionStats> {
    const stats: ConnectionStats = {};
    for (const [name, connection] of Object.entries(this.#connections())) {
      for (const [figure, value] of Object.entries(connection.stats)) stats[`${name}_${figure}`] = value;
    }
    return { status: this.#link.connection.stats.status, ...stats };
  }

  async about(): Promise<StoreAbout> {
    const [server, memory] = await Promise.all(["server", "memory"].map((section) => this.#section(section)));
    const { redis_version: version = null } = fieldsOf(server ?? "");
    const { used_memory: used, maxmemory: limit } = fieldsOf(memory ?? "");
    return {
      kind: "redis",
      version,
      memoryBytes: used === undefined ? null : Number(used),
      memoryLimitBytes: Number(limit ?? 0) || null,
    };
  }

  /** A part of INFO; empty when it is forbidden. */
  #section(name: string): Promise<string> {
    return this.#link.connection.read((client) => client.info(name)).catch(() => "");
  }

  /** What INFO says of memory and persistence. It may be forbidden; then a PING has to do. */
  async #info(): Promise<ServerInfo> {
    await this.#link.connection.read((client) => client.ping());
    const sections = ["memory", "persistence"].map((section) => this.#section(section));
    const saves = this.#link.connection
      .read((client) => client.call("config", "get", "save"))
      .catch(() => null);
    const fields = fieldsOf((await Promise.all(sections)).join("\n"));
    const savePoints = (await saves) as string[] | null;
    return { fields, savePoints: savePoints?.[1] ?? null };
  }
}

/** `savePoints` is null when CONFIG is forbidden. */
type ServerInfo = { fields: Record<string, string | undefined>; savePoints: string | null };

function fieldsOf(info: string): ServerInfo["fields"] {
  const lines = info.split(/\r?\n/);
  return Object.fromEntries(lines.map((line) => [line.split(":")[0], line.slice(line.indexOf(":") + 1)]));
}

const disconnected: StoreHealth = {
  kind: "redis",
  isConnected: false,
  responseTimeMs: null,
  warnings: ["Redis does not answer."],
  isSafe: false,
};

function judge({ fields, savePoints }: ServerInfo): { warnings: string[]; isSafe: boolean } {
  const warnings: string[] = [];
  const policy = fields.maxmemory_policy ?? "noeviction";
  const used = Number(fields.used_memory ?? 0);
  const max = Number(fields.maxmemory ?? 0);
  const evicts = policy !== "noeviction";
  const isFull = max > 0 && used >= max;
  if (evicts) {
    warnings.push(
      `maxmemory-policy is ${policy}: Redis may delete tasks when memory is full; set it to noeviction.`,
    );
  }
  if (isFull) warnings.push("Memory is full (maxmemory): nothing new is accepted until there is room.");
  else if (max > 0 && used > max * nearlyFull) {
    warnings.push(`Memory is ${Math.floor((100 * used) / max)} % full (maxmemory).`);
  }
  if (fields.aof_enabled === "0" && savePoints === "") {
    warnings.push("Redis keeps nothing on disk: a restart loses every task. Turn on appendonly.");
  }
  if (fields.rdb_last_bgsave_status === "err" || fields.aof_last_write_status === "err") {
    warnings.push("The last attempt of Redis to write to its disk failed.");
  }
  return { warnings, isSafe: !evicts && !isFull };
}

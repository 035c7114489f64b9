import type { RedisCluster, RedisServer } from "@workstream/testing";
import { Redis } from "ioredis";

/** Moves the slot of a prefix to another node, in steps, as `redis-cli --cluster reshard` does it. */
export class SlotMove {
  readonly #cluster: RedisCluster;
  readonly #slot: number;
  readonly #from: RedisServer;
  readonly #to: RedisServer;

  static async begin(cluster: RedisCluster, prefix: string): Promise<SlotMove> {
    const [any] = cluster.nodes;
    const slot = Number(await ask(any, "KEYSLOT", `${prefix}`));
    const owners = await Promise.all(
      cluster.nodes.map(async (node) => Number(await ask(node, "COUNTKEYSINSLOT", slot)) > 0),
    );
    const from = cluster.nodes[owners.indexOf(true)];
    const to = cluster.nodes[owners.indexOf(false)];
    if (!from || !to) throw new Error("No node holds keys of this prefix.");
    const move = new SlotMove(cluster, slot, from, to);
    await ask(to, "SETSLOT", slot, "IMPORTING", await SlotMove.nodeId(from));
    await ask(from, "SETSLOT", slot, "MIGRATING", await SlotMove.nodeId(to));
    return move;
  }

  static async nodeId(node: RedisServer | undefined): Promise<string> {
    return String(await ask(node, "MYID"));
  }

  constructor(cluster: RedisCluster, slot: number, from: RedisServer, to: RedisServer) {
    this.#cluster = cluster;
    this.#slot = slot;
    this.#from = from;
    this.#to = to;
  }

  /** Carries over so many keys, or all that are left, and tells how many. */
  async carry(count: number): Promise<number> {
    const keys = (await ask(this.#from, "GETKEYSINSLOT", this.#slot, count)) as string[];
    if (keys.length === 0) return 0;
    const redis = new Redis(this.#from.url);
    await redis.call("MIGRATE", "127.0.0.1", this.#to.port, "", 0, 5_000, "KEYS", ...keys);
    redis.disconnect();
    return keys.length;
  }

  async end(): Promise<void> {
    while ((await this.carry(100)) > 0);
    const id = await SlotMove.nodeId(this.#to);
    for (const node of [this.#to, this.#from, ...this.#cluster.nodes]) {
      await ask(node, "SETSLOT", this.#slot, "NODE", id);
    }
  }
}

async function ask(node: RedisServer | undefined, ...command: (string | number)[]): Promise<unknown> {
  const redis = new Redis(node?.url ?? "");
  try {
    return await redis.call("CLUSTER", ...command);
  } finally {
    redis.disconnect();
  }
}

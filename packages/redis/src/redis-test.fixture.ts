/** One redis-server for a test file, stores on it with a prefix of their own, and a plain client to look behind them. */
import { randomBytes } from "node:crypto";
import type { Stores } from "@workstream/core";
import { type RedisServer, type RedisServerOptions, startRedisServer } from "@workstream/testing";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll } from "vitest";
import { openRedisStores, type RedisStoresOptions } from "./open-redis-stores.ts";

export type RedisTest = {
  readonly server: RedisServer;
  /** Looks at keys behind the stores' back. */
  readonly raw: Redis;
  open(options?: Partial<RedisStoresOptions>): Promise<Stores>;
};

export function useRedis(options: RedisServerOptions = {}): RedisTest {
  const opened: Stores[] = [];
  const parts: { server?: RedisServer; raw?: Redis } = {};
  beforeAll(async () => {
    parts.server = await startRedisServer(options);
    parts.raw = new Redis(parts.server.url);
    parts.raw.on("error", () => {});
  });
  afterEach(async () => {
    parts.server?.resume();
    await Promise.all(opened.splice(0).map((stores) => stores.close()));
  });
  afterAll(async () => {
    parts.raw?.disconnect();
    await parts.server?.stop();
  });
  return {
    get server() {
      return wanted(parts.server);
    },
    get raw() {
      return wanted(parts.raw);
    },
    async open(overrides = {}) {
      const stores = await openRedisStores({
        url: wanted(parts.server).url,
        prefix: freshPrefix(),
        ...overrides,
      });
      opened.push(stores);
      return stores;
    },
  };
}

export function freshPrefix(): string {
  return `t-${randomBytes(6).toString("hex")}:`;
}

function wanted<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("Only for tests and hooks, not for the body of describe.");
  return part;
}

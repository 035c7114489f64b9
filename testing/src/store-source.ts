/**
 * Where stores of one kind are opened: a private redis-server with a key prefix for each opening, or a folder with a
 * SQLite file for each. Knows nothing of a test runner.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stores, TaskStore } from "@workstream/core";
import { openRedisStores } from "@workstream/redis";
import { openSqliteStores } from "@workstream/sqlite";
import { type RedisServer, startRedisServer } from "./redis-server.ts";
import { type TestClock, testClock } from "./test-clock.ts";

export const storeKinds = ["redis", "sqlite"] as const;
export type StoreKind = (typeof storeKinds)[number];

export type OpenedStores = {
  stores: Stores;
  tasks: TaskStore;
  clock: TestClock;
  /** Where the data is: pass it to `openStores` to open the same data again. */
  place: string;
  /** For looking at the keys themselves; null on the embedded store. The key prefix is `place`. */
  redisUrl: string | null;
};

export type OpenOptions = {
  clock?: TestClock;
  place?: string;
  /** Bounds of the result cache, small enough to be reached. */
  cacheBounds?: { maxCachedResults?: number; maxCachedBytes?: number };
};
export type OpenStores = (options?: OpenOptions) => Promise<OpenedStores>;

/** What stores of one kind are opened on, for those who close them themselves. */
export type StoreSource = { open: OpenStores; stop(): Promise<void> };

/** `partitions`: two of them on one redis-server. */
export async function startStoreSource(kind: StoreKind | "partitions"): Promise<StoreSource> {
  if (kind === "sqlite") return sqliteSource();
  return redisSource(await startRedisServer(), kind === "partitions" ? 2 : 1);
}

function redisSource(server: RedisServer, partitions: number): StoreSource {
  return {
    async open({ clock = testClock(), place = `t-${randomBytes(6).toString("hex")}:`, cacheBounds } = {}) {
      const stores = await openRedisStores({
        url: server.url,
        prefix: place,
        partitions,
        // Real time is the store's own.
        ...(clock.now !== Date.now && { now: clock.now }),
        ...cacheBounds,
      });
      return { stores, tasks: stores.tasks, clock, place, redisUrl: server.url };
    },
    stop: () => server.stop(),
  };
}

/** Files in memory where there are such: opening a new file on a disk took 87 ms here, in memory 5. */
async function sqliteSource(): Promise<StoreSource> {
  const folder = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const dir = await mkdtemp(join(folder, "workstream-sqlite-"));
  let count = 0;
  return {
    async open({ clock = testClock(), place = join(dir, `${++count}.db`), cacheBounds } = {}) {
      const stores = await openSqliteStores({ path: place, now: clock.now, reapsOwn: true, ...cacheBounds });
      return { stores, tasks: stores.tasks, clock, place, redisUrl: null };
    },
    stop: () => rm(dir, { recursive: true, force: true }),
  };
}

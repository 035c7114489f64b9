import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { isErrorCode, type QueueStatus } from "@workstream/core";
import type { Config } from "./config-schema.ts";
import { databasePath, openStores } from "./open-stores.ts";
import type { ResettableStore } from "./resettable-store.ts";

/** SQLite's own files beside the database, and the note of who has it open. */
const companions = ["", "-wal", "-shm", "-journal", "-owner"];

export function resettableSqlite(config: Config): ResettableStore {
  const path = databasePath(config);
  return {
    name: path,
    async look() {
      if (!existsSync(path)) return { status: null, inUse: [] };
      try {
        return { status: await statusOf(config), inUse: [] };
      } catch (error) {
        if (isErrorCode(error, "store_unavailable")) return { status: null, inUse: [error.message] };
        throw error;
      }
    },
    async erase() {
      const files = companions.map((suffix) => path + suffix).filter((file) => existsSync(file));
      await Promise.all(files.map((file) => rm(file)));
      return files.length === 1 ? "1 file" : `${files.length} files`;
    },
  };
}

async function statusOf(config: Config): Promise<QueueStatus> {
  const stores = await openStores(config);
  try {
    return await stores.tasks.status();
  } finally {
    await stores.close();
  }
}

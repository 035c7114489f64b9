import { statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { StoreProbe } from "@workstream/core";
import type { CommitQueue } from "./commit-queue.ts";
import type { Connection } from "./connection.ts";

type Parts = { connection: Connection; commits: CommitQueue; path: string };

/** With less room than this on the disk, tasks will soon be refused. */
const scarceBytes = 64 * 1024 * 1024;

export function createProbe({ connection, commits, path }: Parts): StoreProbe {
  const ask = connection.prepare("SELECT count(*) FROM place_counts");
  const version = connection.prepare("SELECT sqlite_version()").first<[string]>()?.[0] ?? null;
  return {
    async check() {
      const askedAt = performance.now();
      try {
        commits.assertOpen();
        ask.first();
      } catch (error) {
        const warnings = [error instanceof Error ? error.message : String(error)];
        return { kind: "sqlite", isConnected: false, responseTimeMs: null, warnings, isSafe: false };
      }
      const responseTimeMs = performance.now() - askedAt;
      const isFull = commits.isFull || freeBytes(path) < scarceBytes;
      const warnings = isFull ? ["The disk that holds the store is full, or nearly: make room on it."] : [];
      return { kind: "sqlite", isConnected: true, responseTimeMs, warnings, isSafe: !isFull };
    },

    async about() {
      const memoryBytes = sizeOf(path) + sizeOf(`${path}-wal`);
      return { kind: "sqlite", version, memoryBytes, memoryLimitBytes: null };
    },

    async connectionStats() {
      commits.assertOpen();
      return {
        path,
        file_bytes: sizeOf(path),
        wal_bytes: sizeOf(`${path}-wal`),
        page_bytes: Number(connection.pragma("page_size")),
        pages: Number(connection.pragma("page_count")),
        free_pages: Number(connection.pragma("freelist_count")),
        synchronous: connection.pragma("synchronous") === 2 ? "full" : "normal",
      };
    },
  };
}

/** Room on the disk; unlimited where the system doesn't tell. */
function freeBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

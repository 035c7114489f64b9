import { createHash } from "node:crypto";
import { isErrorCode, maxCachedResultBytes, type ResultCache } from "@workstream/core";
import { CacheFlights } from "./cache-flights.ts";
import type { CacheTable } from "./cache-table.ts";
import type { CommitQueue } from "./commit-queue.ts";
import type { Sweeper } from "./sweeper.ts";
import { type TextTable, writeText } from "./text-table.ts";

type Parts = {
  commits: CommitQueue;
  cached: CacheTable;
  texts: TextTable;
  sweeper: Sweeper;
  now: () => number;
};

export function createResultCache({ commits, cached, texts, sweeper, now }: Parts): ResultCache {
  const flights = new CacheFlights();
  return {
    async begin(key, owner, flightMs) {
      commits.assertOpen();
      const digest = digestOf(key);
      const result = cached.find(digest, now());
      if (result === null) return flights.begin(digest, owner, { now: now(), flightMs: wholeMs(flightMs) });
      await commits.write((transaction) => cached.touch(digest, transaction.now)).catch(ignoreFull);
      return { kind: "hit", result };
    },

    async put(key, owner, { text, ttlMs }) {
      const digest = digestOf(key);
      const value = Buffer.from(text);
      try {
        if (value.byteLength > maxCachedResultBytes) return;
        const dropped = await writeText({ commits, texts }, value, (keep, { now }) => {
          if (!flights.isHeldBy(owner, digest, now)) return null;
          const stored = { text: keep(), bytes: value.byteLength };
          return cached.put(digest, stored, { now, ttlMs: wholeMs(ttlMs) });
        });
        if (dropped !== 0) sweeper.kick();
      } finally {
        // Only now: until the result is there, nobody else begins.
        flights.end(digest, owner);
      }
    },

    async abandon(key, owner) {
      flights.end(digestOf(key), owner);
    },
  };
}

function digestOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

function wholeMs(ms: number): number {
  return Math.max(1, Math.round(ms));
}

/** A hit whose last use can't be noted is a hit. */
function ignoreFull(error: unknown): void {
  if (!isErrorCode(error, "store_full")) throw error;
}

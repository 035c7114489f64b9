import { createHash } from "node:crypto";
import {
  type CacheAnswer,
  isErrorCode,
  maxCachedResultBytes,
  type ResultCache,
  resultPrefix,
} from "@workstream/core";
import { apartMs, type CacheFlights } from "./cache-flights.ts";
import type { CacheTable } from "./cache-table.ts";
import type { CommitQueue } from "./commit-queue.ts";
import type { ParkedLines } from "./parked-lines.ts";
import type { Sweeper } from "./sweeper.ts";
import { type TextTable, writeText } from "./text-table.ts";

type Parts = {
  commits: CommitQueue;
  cached: CacheTable;
  flights: CacheFlights;
  lines: ParkedLines;
  texts: TextTable;
  sweeper: Sweeper;
  now: () => number;
};

export function createResultCache(parts: Parts): ResultCache {
  const { commits, cached, flights, lines, texts, sweeper, now } = parts;

  /** Those that wait for the result come for it, or the first of them to compute it. */
  async function wake(digest: string, hasResult: boolean): Promise<void> {
    const line = resultPrefix + digest;
    if (lines.isEmpty(line)) return;
    await commits.write(({ now: at }) => (hasResult ? lines.mark(line) : lines.wakeFirst(line, at)));
  }

  function beginFlight(digest: string, owner: string, flightMs: number): CacheAnswer {
    const answer = flights.begin(digest, owner, { now: now(), flightMs });
    if (answer !== null) return answer;
    const waitsFor = resultPrefix + digest;
    const leftMs = (flights.lapseOf(digest, now()) ?? now()) - now();
    return { kind: "busy", waitsFor, waitMs: leftMs + lines.lengthOf(waitsFor) * apartMs };
  }

  return {
    async begin(key, owner, flightMs) {
      commits.assertOpen();
      const digest = digestOf(key);
      const result = cached.find(digest, now());
      if (result === null) return beginFlight(digest, owner, wholeMs(flightMs));
      await commits.write((transaction) => cached.touch(digest, transaction.now)).catch(ignoreFull);
      return { kind: "hit", result };
    },

    async put(key, owner, { text, ttlMs }) {
      const digest = digestOf(key);
      const value = Buffer.from(text);
      let isStored = false;
      try {
        if (value.byteLength > maxCachedResultBytes) return;
        const dropped = await writeText({ commits, texts }, value, (keep, { now }) => {
          if (!flights.isHeldBy(owner, digest, now)) return null;
          const stored = { text: keep(), bytes: value.byteLength };
          return cached.put(digest, stored, { now, ttlMs: wholeMs(ttlMs) });
        });
        isStored = dropped !== null;
        if (dropped !== 0) sweeper.kick();
      } finally {
        // Only now: until the result is there, nobody else begins.
        // Whoever is parked from here on finds no flight, and comes at once.
        if (flights.end(digest, owner)) await wake(digest, isStored);
      }
    },

    async abandon(key, owner) {
      const digest = digestOf(key);
      if (flights.end(digest, owner)) await wake(digest, false);
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

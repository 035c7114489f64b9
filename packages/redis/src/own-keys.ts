/** Counting and erasing what this package wrote, and nothing else: other programs may share the database. */
import { Redis } from "ioredis";
import type { Connection } from "./connection.ts";
import { keyCatalog } from "./key-catalog.ts";
import { openLink } from "./open-link.ts";
import type { PartitionPlace } from "./partitions/key-space.ts";
import { type PartitionSettings, partitionPlaces } from "./partitions/partition-places.ts";
import type { RedisClient } from "./redis-client.ts";

/** All partitions of it. */
export type RedisPlace = PartitionSettings;

const scanCount = 1_000;

/** @throws store_unavailable */
export function countOwnKeys(place: RedisPlace): Promise<number> {
  return eachOwnKeys(place, async () => {});
}

/** Deletes every key of ours, in chunks. Answers how many there were. @throws store_unavailable */
export function eraseOwnKeys(place: RedisPlace): Promise<number> {
  return eachOwnKeys(place, async (connection, keys) => {
    await connection.write((client) => client.unlink(...keys));
  });
}

async function eachOwnKeys(
  place: RedisPlace,
  act: (connection: Connection, keys: string[]) => Promise<void>,
): Promise<number> {
  let count = 0;
  for (const partition of partitionPlaces(place)) count += await eachOwnKeysIn(partition, act);
  return count;
}

async function eachOwnKeysIn(
  { url, prefix }: PartitionPlace,
  act: (connection: Connection, keys: string[]) => Promise<void>,
): Promise<number> {
  const link = await openLink({ url, prefix, role: "keys" });
  let count = 0;
  try {
    for (const node of nodesOf(link.connection.client)) {
      for await (const found of node.scanStream({ match: `${escapeGlob(prefix)}*`, count: scanCount })) {
        const keys = (found as string[]).filter((key) => isOwnName(key.slice(prefix.length)));
        if (keys.length > 0) await act(link.connection, keys);
        count += keys.length;
      }
    }
    return count;
  } finally {
    link.clock.stop();
    link.connection.close();
  }
}

function nodesOf(client: RedisClient): Redis[] {
  return client instanceof Redis ? [client] : client.nodes("master");
}

const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const placeholders: Record<string, string> = {
  uuid,
  id: uuid,
  queue: "[a-z0-9-]{1,64}",
  type: "[a-z0-9][a-z0-9_-]{0,63}",
  key: ".+",
  group: "[a-z0-9][a-z0-9_-]{0,63}:[A-Za-z]+(?::[0-9a-z]+)?",
  digest: "[0-9a-f]{64}",
  minute: "\\d+",
  service: "[a-z0-9][a-z0-9-]{0,63}",
  date: "\\d{4}-\\d{2}-\\d{2}",
  "worker-id": ".+-\\d+-[^-]+",
};

const ownPatterns = keyCatalog.map(({ pattern }) => patternOf(pattern));

/** Whether a key, its prefix taken off, has one of our names. A name that merely begins like one is left alone. */
export function isOwnName(name: string): boolean {
  return ownPatterns.some((pattern) => pattern.test(name));
}

function patternOf(pattern: string): RegExp {
  const source = pattern.replace(/\{([a-z-]+)\}|[^{]+/g, (text, placeholder?: string) =>
    placeholder === undefined ? escapeRegExp(text) : `(?:${placeholders[placeholder] ?? ".+"})`,
  );
  return new RegExp(`^${source}$`, "s");
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function escapeGlob(text: string): string {
  return text.replace(/[*?[\]\\^]/g, "\\$&");
}

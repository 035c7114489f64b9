/**
 * Ids that carry their partition: the last two hex digits of the UUID. It stays a version 7 UUID whose beginning is its time.
 *
 * An id that carries none (of before there were partitions, or of another program) is read as some partition all the same;
 * whoever does not find it there looks everywhere (partition-set.ts).
 */
import { createHash } from "node:crypto";

export const maxPartitions = 64;

const carrier = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{10}([0-9a-f]{2})$/;

export function withPartition(id: string, index: number): string {
  return id.slice(0, -2) + index.toString(16).padStart(2, "0");
}

/** Where to look first: 0 for an id that carries no partition of ours. */
export function partitionOfId(id: string, count: number): number {
  const index = Number.parseInt(carrier.exec(id)?.[1] ?? "0", 16);
  return index < count ? index : 0;
}

/**
 * Where an idempotency key lives: by its hash, so that every gateway asks the same partition. The keys `{key}#{i}` of one batch
 * live together.
 */
export function homeOfKey(key: string, count: number): number {
  const stem = key.replace(/#\d+$/, "");
  return createHash("sha1").update(stem).digest().readUInt32BE(0) % count;
}

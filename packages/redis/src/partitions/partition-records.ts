/**
 * What each partition knows of itself: `partition`, a hash with its index and how many there are. With it a store that is
 * opened with other servers, or in another order, or with fewer partitions is refused before anything is lost from sight.
 */
import { WorkstreamError } from "@workstream/core";
import type { KeySpace } from "./key-space.ts";
import type { PartitionSet } from "./partition-set.ts";

type PartitionRecord = { index: number; count: number; changedAt: number };

/**
 * Notes the number of partitions where it grew. Answers when it last did, epoch ms; 0 when it never did.
 * @throws invalid_input when a partition is not where it was, or there were more of them
 */
export async function registerPartitions(partitions: PartitionSet): Promise<number> {
  const { count, home } = partitions;
  const now = Math.floor(home.link.clock.now());
  await assertInPlace(partitions);
  const known = await readRecord(home);
  const counted = known?.count ?? 1;
  if (known && known.index !== 0) throw moved(0, known.index);
  if (counted > count) throw tooFew(counted, count);
  const changedAt = counted < count ? ((await isNew(home)) ? 0 : now) : (known?.changedAt ?? 0);
  for (const partition of partitions.all) {
    const { index } = partition;
    const record = await readRecord(partition);
    if (record && record.index !== index) throw moved(index, record.index);
    if (!record && index > 0 && index < counted) throw missing(index, counted);
    if (record?.count !== count) await writeRecord(partition, { index, count, changedAt });
  }
  return changedAt;
}

/** No server may hold a partition that should be on another one. */
async function assertInPlace({ all }: PartitionSet): Promise<void> {
  const servers = new Map(all.map((partition) => [partition.place.url, partition]));
  for (const server of servers.values()) {
    for (const { index, link, place } of all) {
      if (place.url === server.place.url) continue;
      const key = link.keys.partition;
      const isHere = await server.link.connection.read((client) => client.exists(key));
      if (isHere === 1) throw misplaced(index, server.link.settings.where);
    }
  }
}

/** A store with one partition writes no record, and must not find one of several. @throws invalid_input */
export async function assertAlone(space: KeySpace): Promise<void> {
  const record = await readRecord(space);
  if (record && record.count > 1) throw tooFew(record.count, 1);
}

async function readRecord({ link }: Pick<KeySpace, "link">): Promise<PartitionRecord | null> {
  const fields = await link.connection.read((client) =>
    client.hmget(link.keys.partition, "index", "count", "changed_at"),
  );
  const [index, count, changedAt] = fields;
  return index == null || count == null
    ? null
    : { index: Number(index), count: Number(count), changedAt: Number(changedAt ?? 0) };
}

async function writeRecord({ link }: Pick<KeySpace, "link">, { index, count, changedAt }: PartitionRecord) {
  const fields = { index, count, changed_at: changedAt };
  await link.connection.write((client) => client.hset(link.keys.partition, fields));
}

/** Whether no task was ever accepted there. */
async function isNew({ link }: Pick<KeySpace, "link">): Promise<boolean> {
  return (await link.connection.read((client) => client.exists(link.keys.index))) === 0;
}

function tooFew(counted: number, count: number): WorkstreamError {
  const message = `This store has ${counted} partitions, and was opened with ${count}: set REDIS_PARTITIONS=${counted}, or REDIS_URL to all its servers. Partitions can be added, not taken away.`;
  return new WorkstreamError("invalid_input", message);
}

function misplaced(index: number, where: string): WorkstreamError {
  const message = `Partition ${index + 1} is at ${where}, where another one is looked for: name the servers in REDIS_URL in their old order.`;
  return new WorkstreamError("invalid_input", message);
}

function moved(index: number, found: number): WorkstreamError {
  const message = `Where partition ${index + 1} should be is partition ${found + 1}: name the servers in REDIS_URL in their old order.`;
  return new WorkstreamError("invalid_input", message);
}

function missing(index: number, counted: number): WorkstreamError {
  const message = `Partition ${index + 1} of ${counted} is not where it was: name the servers in REDIS_URL in their old order, and new ones at the end with a partition each. If its data is lost for good, write its record: HSET partition index ${index} count ${counted}, under its prefix.`;
  return new WorkstreamError("invalid_input", message);
}

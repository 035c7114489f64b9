/**
 * Finding tasks that nothing will ever run: PENDING but in no lane, or ACTIVE with no live lease.
 *
 * Two walks, in chunks that never hold Redis: the lanes, then the index. A PENDING task is suspect only if it has not
 * changed since before the first. Both are read from their tail by negative index, so that neither what leaves at the head
 * nor what comes at the tail hides an entry. The last word has a script, which leaves alone what has changed since; should
 * an id stand on a list twice all the same, the claim that meets the second entry drops it.
 */
import type { StoreLink } from "./store-link.ts";
import { readFields } from "./task-reader.ts";

type Orphans = { found: number; requeued: number; errors: string[] };

const laneChunk = 1_000;
const indexChunk = 500;
const requeueChunk = 100;
const maxErrors = 20;

export async function requeueOrphaned(link: StoreLink): Promise<Orphans> {
  const startedAt = link.clock.now();
  const waiting = await idsInLanes(link);
  const result: Orphans = { found: 0, requeued: 0, errors: [] };
  for (let last = -1; ; last -= indexChunk) {
    const ids = await link.connection.read((client) =>
      client.zrange(link.keys.index, last - indexChunk + 1, `${last}`),
    );
    if (ids.length === 0) return result;
    const suspects = await suspectsAmong(link, ids, { waiting, startedAt });
    result.found += suspects.length;
    await requeue(link, suspects, result);
  }
}

/** Ids are kept as the 52 random bits at their end: 40 bytes each instead of 100. */
function compact(id: string): number | string {
  const digits = /[0-9a-f]-([0-9a-f]{12})$/.exec(id)?.[1];
  return digits === undefined ? id : Number.parseInt(id.at(-14) + digits, 16);
}

async function idsInLanes(link: StoreLink): Promise<Set<number | string>> {
  const named = await link.connection.read((client) => client.smembers(link.keys.queues));
  const ids = new Set<number | string>();
  for (const queue of ["primary", ...named]) {
    const { high, normal, low, retry } = link.keys.lanes(queue);
    for (const list of [high, normal, low, retry]) await collect(link, list, ids);
  }
  return ids;
}

async function collect(link: StoreLink, list: string, ids: Set<number | string>): Promise<void> {
  for (let last = -1; ; last -= laneChunk) {
    const chunk = await link.connection.read((client) => client.lrange(list, last - laneChunk + 1, last));
    for (const id of chunk) ids.add(compact(id));
    if (chunk.length < laneChunk) return;
  }
}

type Walk = { waiting: Set<number | string>; startedAt: number };
type Suspect = { id: string; updatedAt: string };

async function suspectsAmong(link: StoreLink, ids: readonly string[], walk: Walk): Promise<Suspect[]> {
  const hashes = await readFields(link, ids, ["state", "updated_at"]);
  const leases = await link.connection.read((client) => client.zmscore(link.keys.active, ...ids));
  const now = link.clock.now();
  return ids.flatMap((id, index) => {
    const { state, updated_at: updatedAt = "" } = hashes[index] ?? {};
    const isUnmoved = Number(updatedAt) <= walk.startedAt;
    const isStranded = state === "PENDING" && isUnmoved && !walk.waiting.has(compact(id));
    const isUnleased = state === "ACTIVE" && !(Number(leases[index] ?? 0) > now);
    return isStranded || isUnleased ? [{ id, updatedAt }] : [];
  });
}

async function requeue(link: StoreLink, suspects: readonly Suspect[], result: Orphans): Promise<void> {
  for (let at = 0; at < suspects.length; at += requeueChunk) {
    const records = suspects.slice(at, at + requeueChunk);
    try {
      const [, count] = await link.scripts.run("requeue", {
        records,
        keys: records.map(({ id }) => link.keys.task(id)),
      });
      result.requeued += count;
    } catch (error) {
      if (result.errors.length >= maxErrors) throw error;
      result.errors.push(error instanceof Error ? error.message : String(error));
    }
  }
}

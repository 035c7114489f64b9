/**
 * Reading lanes and dead letters: lists in which an id that was taken from the middle may still stand, marked in
 * `{list}:removed` (lua/lib/lists.lua).
 */
import { primaryQueue } from "@workstream/core";
import type { StoreLink } from "./store-link.ts";

export type ListWindow = { entries: { id: string; index: number }[]; length: number };

/** Entries first…last of a list, counted from its head, without those that are marked. */
export async function listWindow(
  link: StoreLink,
  key: string,
  first: number,
  last: number,
): Promise<ListWindow> {
  return link.connection.read(async (client) => {
    const [length, ids, marked] = await Promise.all([
      client.llen(key),
      client.lrange(key, first, last),
      client.scard(`${key}:removed`),
    ]);
    const isMarked = marked > 0 && ids.length > 0 ? await client.smismember(`${key}:removed`, ...ids) : [];
    const entries = ids.map((id, at) => ({ id, index: first + at })).filter((_, at) => isMarked[at] !== 1);
    return { entries, length };
  });
}

/** How many entries count. */
export async function listDepth(link: StoreLink, key: string): Promise<number> {
  const [length, marked] = await link.connection.read((client) =>
    Promise.all([client.llen(key), client.scard(`${key}:removed`)]),
  );
  return length - marked;
}

/** Up to `limit` ids from the head of several lists, one list after the other. */
export async function headOfLists(
  link: StoreLink,
  lists: readonly string[],
  limit: number,
): Promise<string[]> {
  const ids: string[] = [];
  for (const list of lists) {
    for (let first = 0; ids.length < limit; ) {
      const last = first + limit - 1;
      const { entries, length } = await listWindow(link, list, first, last);
      ids.push(...entries.map(({ id }) => id));
      first = last + 1;
      if (first >= length) break;
    }
  }
  return ids.slice(0, limit);
}

/** Null for a queue that was never used. */
export async function idsOfQueue(link: StoreLink, queue: string, limit: number): Promise<string[] | null> {
  const { keys } = link;
  if (queue === "retry") return headOfLists(link, [keys.retry], limit);
  if (queue === "dlq") return headOfLists(link, [keys.dlq], limit);
  if (queue === "scheduled")
    return link.connection.read((client) => client.zrange(keys.scheduled, 0, `${limit - 1}`));
  const { high, normal, low, retry } = keys.lanes(queue);
  if (queue === primaryQueue) return headOfLists(link, [high, normal, low], limit);
  const isKnown = await link.connection.read((client) => client.sismember(keys.queues, queue));
  return isKnown === 1 ? headOfLists(link, [high, normal, low, retry], limit) : null;
}

export async function newestDeadLetters(link: StoreLink, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let end = -1; ids.length < limit; end -= limit) {
    const length = await link.connection.read((client) => client.llen(link.keys.dlq));
    const last = length + end;
    if (last < 0) break;
    const { entries } = await listWindow(link, link.keys.dlq, Math.max(0, last - limit + 1), last);
    ids.push(...entries.map(({ id }) => id).reverse());
  }
  return ids.slice(0, limit);
}

/**
 * Where an operation reads the tasks that it acts on, and so takes out of where it reads.
 *
 * A sorted set goes on after an entry, whether that is still there or not. Lanes have no order but their own, so they are
 * read from their tail, past the entries that stayed: what workers take goes at the head, and what comes at the tail is
 * newer than the operation. What all that may have hidden is found by the next round.
 */
import {
  type OperationRecord,
  primaryQueue,
  type TaskFilter,
  type TaskState,
  type WalkCursor,
} from "@workstream/core";
import { type Entry, ZsetSource } from "./list-source.ts";
import type { StoreLink } from "./store-link.ts";
import { listDepth, listWindow } from "./task-lists.ts";

/** `cursors` go on after each entry; empty: only after all of them, for what is acted on goes. */
export type BulkPage = { entries: Entry[]; after: unknown; isEnd: boolean; cursors: unknown[] };

export type BulkSource = {
  name: string;
  size(): Promise<number>;
  page(after: unknown, limit: number): Promise<BulkPage>;
};

type Walked = { record: OperationRecord; filter: TaskFilter; state: TaskState | null };

/** The source of the cursor, or the shortest of those that hold every match. */
export async function bulkSource(link: StoreLink, walked: Walked, cursor: WalkCursor): Promise<BulkSource> {
  const sources = await sourcesOf(link, walked);
  const known = sources.find(({ name }) => name === cursor.source);
  if (known) return known;
  const sizes = await Promise.all(sources.map((source) => source.size()));
  const least = sizes.indexOf(Math.min(...sizes));
  return sources[least] as BulkSource;
}

async function sourcesOf(link: StoreLink, walked: Walked): Promise<BulkSource[]> {
  const { keys } = link;
  const { filter, state, record } = walked;
  const { type, queue, errorGroup } = filter;
  const named = await link.connection.read((client) => client.smembers(keys.queues));
  const order = record.request.limit === null ? "asc" : "desc";
  const created = {
    from: filter.createdFrom ?? ("-inf" as const),
    to: filter.createdTo ?? ("+inf" as const),
  };
  const any = { from: "-inf", to: "+inf" } as const;
  const zset = (name: string, key: string, range: typeof created | typeof any) =>
    sortedSource(name, new ZsetSource(link, key, { ...range, order }));
  const sources: BulkSource[] = [];
  if (errorGroup !== undefined) sources.push(zset("group", keys.errorGroup(errorGroup), any));
  if (state === "PENDING") sources.push(lanesSource(link, lanesOf(link, queue, named), record));
  else if (state !== null) sources.push(zset("state", collectionOf(link, state), any));
  if (type !== undefined) sources.push(zset("type", keys.indexOfType(type), created));
  if (queue !== undefined && named.includes(queue))
    sources.push(zset("queue", keys.indexOfQueue(queue), created));
  sources.push(zset("all", keys.index, created));
  return sources;
}

function collectionOf({ keys }: StoreLink, state: Exclude<TaskState, "PENDING">): string {
  const collections = {
    ACTIVE: keys.active,
    SCHEDULED: keys.scheduled,
    DLQ: keys.deaths,
    COMPLETED: keys.completed,
    FAILED: keys.failed,
    CANCELLED: keys.cancelled,
  };
  return collections[state];
}

function sortedSource(name: string, source: ZsetSource): BulkSource {
  return {
    name,
    size: async () => (await source.page({ offset: 0 }, 0)).total,
    async page(after, limit) {
      const start = after === null ? { offset: 0 } : { after: after as Entry };
      const { entries } = await source.page(start, limit);
      return { entries, after: entries.at(-1) ?? after, isEnd: entries.length < limit, cursors: entries };
    },
  };
}

function lanesOf({ keys }: StoreLink, queue: string | undefined, named: readonly string[]): string[] {
  if (queue === "retry") return [keys.retry];
  const all = [primaryQueue, ...named.toSorted()];
  const queues = queue === undefined ? all : all.filter((name) => name === queue);
  return queues.flatMap((name) => {
    const { high, normal, low, retry } = keys.lanes(name);
    return [high, normal, low, retry];
  });
}

/** `passed`: entries at the tail of the lane that were looked at, before anything was done to them. */
type LanePosition = { lane: number; passed: number; doneBefore: number };

function lanesSource(link: StoreLink, lanes: readonly string[], { done }: OperationRecord): BulkSource {
  return {
    name: "lanes",
    size: async () => {
      const depths = await Promise.all(lanes.map((lane) => listDepth(link, lane)));
      return depths.reduce((sum, depth) => sum + depth, 0);
    },
    async page(after, limit) {
      const { lane, passed, doneBefore } = (after ?? {
        lane: 0,
        passed: 0,
        doneBefore: done,
      }) as LanePosition;
      const stayed = Math.max(0, passed - (done - doneBefore));
      const window = await listWindow(link, lanes[lane] ?? "", -(stayed + limit), -(stayed + 1));
      const isLaneOver = window.length <= stayed + limit;
      const next = isLaneOver
        ? { lane: lane + 1, passed: 0, doneBefore: done }
        : { lane, passed: stayed + limit, doneBefore: done };
      const entries = window.entries.map(({ id }) => ({ list: lane, score: "0", id }));
      return { entries, after: next, isEnd: isLaneOver && lane + 1 >= lanes.length, cursors: [] };
    },
  };
}

/** The next tasks that an operation acts on, and where it goes on after them. */
import {
  filterAtStart,
  firstWalk,
  isAsOfStart,
  nextRound,
  type OperationRecord,
  type TaskState,
  type WalkCursor,
  walkedStates,
} from "@workstream/core";
import { bulkSource } from "./bulk-sources.ts";
import type { RedisDeadLetterGroups } from "./dead-letter-groups.ts";
import type { Entry } from "./list-source.ts";
import { matching } from "./list-walk.ts";
import type { StoreLink } from "./store-link.ts";

/** One step looks at no more than so many times the size of a chunk in vain. */
const maxReads = 20;

type BulkEntry = { task: string; isMatch: string; cursor: string };
export type BulkChunk = { state: TaskState | null; records: BulkEntry[]; cursor: unknown; isLast: boolean };

export type Walking = {
  link: StoreLink;
  groups: RedisDeadLetterGroups;
  record: OperationRecord;
  /** How many tasks at most. */
  size: number;
};

export async function nextChunk(walking: Walking, cursor: unknown): Promise<BulkChunk> {
  const { request, done, skipped, failed } = walking.record;
  const chunk =
    request.taskIds === null
      ? await chunkOfWalk(walking, (cursor ?? firstWalk) as WalkCursor)
      : await chunkOfIds(walking, request.taskIds, Number(cursor ?? 0));
  if (request.limit === null) return chunk;
  const left = Math.max(0, request.limit - done - skipped - failed);
  if (chunk.records.length < left) return chunk;
  return { ...chunk, records: chunk.records.slice(0, left), isLast: true };
}

/** All of them count: those that don't match as skipped. */
async function chunkOfIds(
  { link, record, size }: Walking,
  taskIds: readonly string[],
  from: number,
): Promise<BulkChunk> {
  const ids = taskIds.slice(from, from + size);
  const entries = ids.map((id) => ({ list: 0, score: "0", id }));
  const found = new Set((await matchingNow({ link, record }, null, entries)).map(({ id }) => id));
  const records = ids.map((id, index) => ({
    task: id,
    isMatch: found.has(id) ? "1" : "0",
    cursor: String(from + index + 1),
  }));
  const next = from + ids.length;
  return { state: null, records, cursor: next, isLast: next >= taskIds.length };
}

async function chunkOfWalk(walking: Walking, from: WalkCursor): Promise<BulkChunk> {
  const { record } = walking;
  const states = walkedStates(record.request);
  let cursor = from;
  for (let reads = 0; reads < maxReads; reads++) {
    const state = states[cursor.walk];
    if (state === undefined) {
      const again = nextRound(cursor, record.request.action, record.done);
      if (again === null) return { state: null, records: [], cursor, isLast: true };
      cursor = again;
      continue;
    }
    const { records, next } = await readOn(walking, state, cursor);
    cursor = next;
    if (records.length > 0) return { state, records, cursor, isLast: false };
  }
  return { state: null, records: [], cursor, isLast: false };
}

async function readOn(walking: Walking, state: TaskState | null, cursor: WalkCursor) {
  const { link, groups, record, size } = walking;
  const filter = filterAtStart(record, state);
  // Only what has a group stands in the set that is walked.
  if (state === "DLQ" && cursor.source === null) await groups.groupAll();
  const source = await bulkSource(link, { record, filter, state }, cursor);
  const { entries, after, isEnd, cursors } = await source.page(cursor.after, size);
  const here = { ...cursor, source: source.name };
  const next = isEnd ? { ...cursor, walk: cursor.walk + 1, source: null, after: null } : { ...here, after };
  const found = await matchingNow({ link, record }, state, entries);
  const records = found.map(({ id }) => {
    const index = entries.findIndex((entry) => entry.id === id);
    const at = cursors[index];
    return { task: id, isMatch: "1", cursor: at === undefined ? "" : JSON.stringify({ ...here, after: at }) };
  });
  return { records, next };
}

/** What matched when the operation started: created by then and, where it counts, not changed since. */
async function matchingNow(
  { link, record }: Pick<Walking, "link" | "record">,
  state: TaskState | null,
  entries: readonly Entry[],
): Promise<Entry[]> {
  const isFixed = isAsOfStart(record.request);
  const told = isFixed ? (["updated_at"] as const) : [];
  const found = await matching(link, entries, { filter: filterAtStart(record, state), told });
  return found.filter(({ updatedAt }) => !isFixed || updatedAt <= record.startedAt).map(({ entry }) => entry);
}

import {
  filterAtStart,
  firstWalk,
  isAsOfStart,
  nextRound,
  type OperationRecord,
  type TaskFilter,
  type TaskState,
  type WalkCursor,
  walkedStates,
} from "@workstream/core";
import type { ListSources, Position, Source } from "./list-sources.ts";
import type { TaskTable } from "./task-table.ts";

/** So many tasks are one transaction of a few ms. */
const chunkSize = 50;
/** One chunk looks at no more than so many times `chunkSize` tasks in vain. */
const maxReads = 10;

/** Ids to act on, in order; null stands for one of the operation's own ids that does not match. */
export type BulkChunk = { ids: (string | null)[]; cursor: unknown; isLast: boolean };

type Parts = { sources: ListSources; tasks: TaskTable };

/** The next tasks of an operation. Called in the transaction that acts on them, so that nothing changes in between. */
export class BulkWalk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  next(record: OperationRecord, cursor: unknown): BulkChunk {
    const { request, done, skipped, failed } = record;
    const chunk =
      request.taskIds === null
        ? this.#ofWalk(record, (cursor ?? firstWalk) as WalkCursor)
        : this.#ofIds(record, request.taskIds, Number(cursor ?? 0));
    if (request.limit === null) return chunk;
    const left = Math.max(0, request.limit - done - skipped - failed);
    return chunk.ids.length < left ? chunk : { ...chunk, ids: chunk.ids.slice(0, left), isLast: true };
  }

  #ofIds(record: OperationRecord, taskIds: readonly string[], from: number): BulkChunk {
    const filter = filterAtStart(record, null);
    const ids = taskIds.slice(from, from + chunkSize).map((id) => {
      const task = this.#parts.tasks.find(id);
      return task !== null && this.#isMatch(record, filter, task) ? id : null;
    });
    const next = from + ids.length;
    return { ids, cursor: next, isLast: next >= taskIds.length };
  }

  #ofWalk(record: OperationRecord, from: WalkCursor): BulkChunk {
    const states = walkedStates(record.request);
    let cursor = from;
    for (let reads = 0; reads < maxReads; reads++) {
      const state = states[cursor.walk];
      if (state === undefined) {
        const again = nextRound(cursor, record.request.action, record.done);
        if (again === null) return { ids: [], cursor, isLast: true };
        cursor = again;
        continue;
      }
      const { ids, next } = this.#readOn(record, state, cursor);
      cursor = next;
      if (ids.length > 0) return { ids, cursor, isLast: false };
    }
    return { ids: [], cursor, isLast: false };
  }

  #readOn(record: OperationRecord, state: TaskState | null, cursor: WalkCursor) {
    const filter = filterAtStart(record, state);
    const source = this.#sourceOf(filter, cursor);
    const walk = { filter, isAscending: record.request.limit === null };
    const after = cursor.after as Position | null;
    const found = this.#parts.sources.walk(source, walk, { after, offset: 0, limit: chunkSize });
    const last = found.at(-1);
    const next: WalkCursor =
      last === undefined || found.length < chunkSize
        ? { ...cursor, walk: cursor.walk + 1, source: null, after: null }
        : { ...cursor, source: source.by, after: { place: last.place, rank: last.rank, id: last.id } };
    const ids = found.filter((task) => this.#isMatch(record, filter, task)).map(({ id }) => id);
    return { ids, next };
  }

  #sourceOf(filter: TaskFilter, { source }: WalkCursor): Source {
    const { sources } = this.#parts;
    const counted = sources.of(filter).map((each) => ({ each, count: sources.count(each, filter) }));
    const known = counted.find(({ each }) => each.by === source);
    return (known ?? counted.reduce((best, next) => (next.count < best.count ? next : best))).each;
  }

  #isMatch(
    record: OperationRecord,
    filter: TaskFilter,
    task: Parameters<ListSources["matches"]>[1],
  ): boolean {
    if (isAsOfStart(record.request) && task.updatedAt > record.startedAt) return false;
    return this.#parts.sources.matches(filter, task);
  }
}

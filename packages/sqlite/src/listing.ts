import { setImmediate } from "node:timers/promises";
import type { TaskListQuery, TaskPage } from "@workstream/core";
import type { CommitQueue } from "./commit-queue.ts";
import { type Cursor, decodeCursor, encodeCursor } from "./list-cursor.ts";
import type { Candidate, ListSources, Position, Source, Step, Walk } from "./list-sources.ts";
import type { TaskRows } from "./task-rows.ts";

type Parts = { commits: CommitQueue; sources: ListSources; rows: TaskRows };

/** One call walks no more candidates, and a chunk of them at a time. */
const maxCandidates = 2_000;
const walkChunk = 200;

const maxHop = 50_000;

/** States whose place is in order of completion, which is also their last update. */
const completionOrdered: readonly (string | undefined)[] = ["COMPLETED", "FAILED", "CANCELLED"];

/** Answers lists: straight from one index where one has the answer, otherwise by a bounded walk along the shortest. */
export class Listing {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async page(query: TaskListQuery): Promise<TaskPage> {
    this.#parts.commits.assertOpen();
    const cursor = "cursor" in query.position ? decodeCursor(query, query.position.cursor) : null;
    const source = this.#sourceOf(query, cursor);
    const isSorted = query.sortBy === "created_at" || this.#isCompletionOrder(query, source);
    if (!isSorted) return this.#sortedPage(query, source, cursor);
    return this.#parts.sources.isExact(source, query.filter)
      ? this.#exactPage(query, source, cursor)
      : this.#walkedPage(query, source, cursor);
  }

  /** The cursor's own; else the one in the wanted order; else the shortest. */
  #sourceOf(query: TaskListQuery, cursor: Cursor | null): Source {
    const { filter } = query;
    const sources = this.#parts.sources.of(filter);
    if (cursor !== null) return sources.find(({ by }) => by === cursor.source) ?? { by: "all" };
    const exact = sources.find((source) => this.#parts.sources.isExact(source, filter));
    const ordered = sources.find((source) => this.#isCompletionOrder(query, source));
    if (exact ?? ordered) return exact ?? ordered ?? { by: "all" };
    const counted = sources.map((source) => ({ source, count: this.#parts.sources.count(source, filter) }));
    return counted.reduce((best, next) => (next.count < best.count ? next : best)).source;
  }

  #isCompletionOrder({ filter, sortBy }: TaskListQuery, source: Source): boolean {
    if (sortBy === "created_at") return false;
    return source.by === "group" || (source.by === "place" && completionOrdered.includes(filter.state));
  }

  async #exactPage(query: TaskListQuery, source: Source, cursor: Cursor | null): Promise<TaskPage> {
    const { filter, sortOrder, limit, position } = query;
    const walk = { filter, isAscending: sortOrder === "asc" };
    const offset = "offset" in position ? position.offset : 0;
    const start = cursor ? { after: cursor.after, offset: 0 } : await this.#hop(source, walk, offset);
    const found = this.#parts.sources.walk(source, walk, { ...start, limit: limit + 1 });
    const page = found.slice(0, limit);
    const isMore = found.length > limit;
    const more = isMore ? { source: source.by, after: positionOf(page.at(-1)), seen: 0, given: 0 } : null;
    const total = this.#parts.sources.count(source, filter);
    return this.#answer(query, page, { total, isTotalEstimate: false, more });
  }

  /** Passing over entries of an index takes 40 ns each, so a far offset is reached in hops between turns of the loop. */
  async #hop(source: Source, walk: Walk, offset: number): Promise<Omit<Step, "limit">> {
    let step = this.#parts.sources.start(source, walk, offset);
    while (step.offset > maxHop) {
      const [mark] = this.#parts.sources.walk(source, walk, { ...step, offset: maxHop - 1, limit: 1 });
      if (mark === undefined) return step;
      step = { after: positionOf(mark), offset: step.offset - maxHop };
      await setImmediate();
      this.#parts.commits.assertOpen();
    }
    return step;
  }

  async #walkedPage(query: TaskListQuery, source: Source, cursor: Cursor | null): Promise<TaskPage> {
    const skip = "offset" in query.position ? query.position.offset : 0;
    const walked = await this.#walk(query, source, cursor?.after ?? null);
    const seen = cursor?.seen ?? 0;
    const page = walked.matches.slice(skip, skip + query.limit);
    const isLeftOver = walked.matches.length > skip + query.limit;
    const after = isLeftOver ? positionOf(page.at(-1)) : walked.after;
    const counted = seen + (isLeftOver ? skip + page.length : walked.matches.length);
    const more = isLeftOver || !walked.isEnd ? { source: source.by, after, seen: counted, given: 0 } : null;
    const total = seen + walked.matches.length;
    return this.#answer(query, page, { total, isTotalEstimate: !walked.isEnd, more });
  }

  /** A window of candidates, sorted; the next window begins where its walk ended. */
  async #sortedPage(query: TaskListQuery, source: Source, cursor: Cursor | null): Promise<TaskPage> {
    const walked = await this.#walk(query, source, cursor?.after ?? null);
    const sorted = walked.matches.toSorted(orderOf(query));
    const begin = cursor?.given ?? ("offset" in query.position ? query.position.offset : 0);
    const given = begin + query.limit;
    const page = sorted.slice(begin, given);
    const seen = cursor?.seen ?? 0;
    const here = { source: source.by, after: cursor?.after ?? null, seen, given };
    const next = { source: source.by, after: walked.after, seen: seen + sorted.length, given: 0 };
    const more = given < sorted.length ? here : walked.isEnd ? null : next;
    return this.#answer(query, page, { total: seen + sorted.length, isTotalEstimate: !walked.isEnd, more });
  }

  /** At most 2,000 candidates after `from`, with a turn of the event loop between chunks. */
  async #walk({ filter, sortOrder }: TaskListQuery, source: Source, from: Position | null): Promise<Walked> {
    const matches: Candidate[] = [];
    let after = from;
    for (let walked = 0; walked < maxCandidates; walked += walkChunk) {
      if (walked > 0) await setImmediate();
      this.#parts.commits.assertOpen();
      const step = { after, offset: 0, limit: walkChunk };
      const chunk = this.#parts.sources.walk(source, { filter, isAscending: sortOrder === "asc" }, step);
      matches.push(...chunk.filter((candidate) => this.#parts.sources.matches(filter, candidate)));
      after = positionOf(chunk.at(-1)) ?? after;
      if (chunk.length < walkChunk) return { matches, after, isEnd: true };
    }
    return { matches, after, isEnd: false };
  }

  #answer(
    query: TaskListQuery,
    page: readonly Candidate[],
    { total, isTotalEstimate, more }: Found,
  ): TaskPage {
    return {
      tasks: this.#parts.rows.load(
        page.map(({ seq }) => seq),
        query.withBodies,
      ),
      total,
      isTotalEstimate,
      nextCursor: more && encodeCursor(query, more),
    };
  }
}

type Walked = { matches: Candidate[]; after: Position | null; isEnd: boolean };
type Found = { total: number; isTotalEstimate: boolean; more: Cursor | null };

function positionOf(candidate: Candidate | undefined): Position | null {
  return candidate ? { place: candidate.place, rank: candidate.rank, id: candidate.id } : null;
}

/** By the wanted instant, those without one last; ids decide between equals. */
function orderOf({ sortBy, sortOrder }: TaskListQuery): (a: Candidate, b: Candidate) => number {
  const direction = sortOrder === "asc" ? 1 : -1;
  const instantOf = (task: Candidate) => (sortBy === "updated_at" ? task.updatedAt : task.completedAt);
  return (a, b) => {
    const [left, right] = [instantOf(a), instantOf(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return direction * (left - right || (a.id < b.id ? -1 : 1));
  };
}

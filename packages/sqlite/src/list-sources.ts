import { type Lane, primaryQueue, type TaskFilter } from "@workstream/core";
import type { Connection, Statement } from "./connection.ts";
import { CreationCounts, type Kind } from "./creation-counts.ts";
import { idRangeOf, rangeAfter } from "./id-range.ts";
import { lanePlace, lanes, parseLane } from "./places.ts";
import type { QueueTable } from "./queue-table.ts";

/**
 * An index to walk, with the order that it has: tasks by creation, places in the order they have, or dead letters of one
 * cause by time of death.
 */
export type Source = Kind | { by: "place" } | { by: "group"; name: string };

/** What a walk has come to: the last task it saw. */
export type Position = { place: string; rank: number; id: string };

/** As much of a task as filters look at. */
type Filtered = {
  id: string;
  place: string;
  state: string;
  type: string;
  queue: string;
  updatedAt: number;
  errorType: string | null;
  errorGroup: string | null;
};
/** And sorts. */
export type Candidate = Position & Filtered & { seq: number; createdAt: number; completedAt: number | null };
type CandidateRow = [
  ...[seq: number, id: string, place: string, rank: number, state: string, type: string, queue: string],
  ...[createdAt: number, updatedAt: number, completedAt: number | null],
  ...[errorType: string | null, errorGroup: string | null],
];

export type Walk = { filter: TaskFilter; isAscending: boolean };
/** `offset` tasks after `after` are passed over; along places, no more than stand in the first of them. */
export type Step = { after: Position | null; offset: number; limit: number };

/** Along a group the time of death is the rank. */
const columnsWith = (rank: "rank" | "completed_at") =>
  `seq, id, place, ${rank}, state, type, queue, created_at, updated_at, completed_at, error_type, error_group`;

/** `queue` names where a task stands, not where it belongs. */
const standingPlaces = new Map([
  ["retry", lanePlace(primaryQueue, "retry")],
  ["scheduled", "SCHEDULED"],
  ["dlq", "DLQ"],
]);

/** The indexes that a filter can be answered from. */
export class ListSources {
  readonly #counts: CreationCounts;
  readonly #queues: QueueTable;
  readonly #groupCount: Statement;
  readonly #walks: Record<Source["by"], Record<"asc" | "desc", Statement>>;

  constructor(connection: Connection, queues: QueueTable) {
    const creation = (condition: string) =>
      prepareBoth(connection, (order) => `${condition} AND id >= ?2 AND id < ?3 ORDER BY id ${order}`);
    this.#counts = new CreationCounts(connection);
    this.#queues = queues;
    this.#groupCount = connection.prepare("SELECT tasks FROM error_groups WHERE name = ?");
    this.#walks = {
      all: creation("?1 = ''"),
      type: creation("type = ?1"),
      queue: creation("queue = ?1"),
      place: prepareBoth(connection, (order) => {
        const after = order === "ASC" ? ">" : "<";
        return `place = ?1 AND (rank, id) ${after} (?2, ?3) ORDER BY rank ${order}, id ${order}`;
      }),
      group: prepareBoth(connection, groupWalk, "completed_at"),
    };
  }

  /** Every index from which the filter can be answered. */
  of(filter: TaskFilter): Source[] {
    const sources: Source[] = [{ by: "all" }];
    if (filter.type !== undefined) sources.push({ by: "type", name: filter.type });
    if (filter.queue !== undefined && !standingPlaces.has(filter.queue)) {
      sources.push({ by: "queue", name: filter.queue });
    }
    if (filter.errorGroup !== undefined) sources.push({ by: "group", name: filter.errorGroup });
    if (this.#placesOf(filter) !== null) sources.push({ by: "place" });
    return sources;
  }

  /** How many tasks a walk along this index meets in all. */
  count(source: Source, filter: TaskFilter): number {
    if (source.by === "group") return this.#groupCount.first<[number]>(source.name)?.[0] ?? 0;
    if (source.by !== "place") return this.#counts.count(source, idRangeOf(filter));
    const depths = this.#queues.allDepths();
    return (this.#placesOf(filter) ?? []).reduce((sum, place) => sum + (depths.get(place) ?? 0), 0);
  }

  /** The next tasks along the index. */
  walk(source: Source, { filter, isAscending }: Walk, step: Step): Candidate[] {
    if (source.by === "place") return this.#walkPlaces(this.#placesOf(filter) ?? [], isAscending, step);
    if (source.by === "group") return this.#walkGroup(source.name, isAscending, step);
    const whole = idRangeOf(filter);
    const range = step.after === null ? whole : rangeAfter(whole, step.after.id, isAscending);
    const name = source.by === "all" ? "" : source.name;
    const statement = this.#walks[source.by][isAscending ? "asc" : "desc"];
    return read(statement, [name, range.from, range.below, step.limit, step.offset]);
  }

  /** Whether a task that some index gave meets all of the filter. */
  matches(filter: TaskFilter, task: Filtered): boolean {
    const standing = standingPlaces.get(filter.queue ?? "");
    if (standing !== undefined && task.place !== standing) return false;
    if (filter.queue !== undefined && standing === undefined && task.queue !== filter.queue) return false;
    if (filter.state !== undefined && task.state !== filter.state) return false;
    if (filter.type !== undefined && task.type !== filter.type) return false;
    if (filter.errorType !== undefined && task.errorType !== filter.errorType) return false;
    if (filter.errorGroup !== undefined && task.errorGroup !== filter.errorGroup) return false;
    const { from, below } = idRangeOf(filter);
    return task.id >= from && task.id < below;
  }

  /** Where a walk begins that passes over the first `offset` tasks: whole places are passed over at once. */
  start(source: Source, { filter, isAscending }: Walk, offset: number): Pick<Step, "after" | "offset"> {
    if (source.by !== "place") return { after: null, offset };
    const places = this.#placesOf(filter) ?? [];
    const depths = this.#queues.allDepths();
    let left = offset;
    for (const place of isAscending ? places : places.toReversed()) {
      const depth = depths.get(place) ?? 0;
      if (left < depth) return { after: { place, ...edgeOf(isAscending) }, offset: left };
      left -= depth;
    }
    return { after: null, offset };
  }

  #walkGroup(name: string, isAscending: boolean, { after, offset, limit }: Step): Candidate[] {
    const begin = after ?? edgeOf(isAscending);
    const statement = this.#walks.group[isAscending ? "asc" : "desc"];
    return read(statement, [name, begin.rank, begin.id, limit, offset]);
  }

  #walkPlaces(places: readonly string[], isAscending: boolean, { after, offset, limit }: Step): Candidate[] {
    const statement = this.#walks.place[isAscending ? "asc" : "desc"];
    const inOrder = isAscending ? places : places.toReversed();
    const from = after === null ? 0 : Math.max(0, inOrder.indexOf(after.place));
    const found: Candidate[] = [];
    for (const place of inOrder.slice(from)) {
      if (found.length >= limit) break;
      const begin = after?.place === place ? after : edgeOf(isAscending);
      const skip = place === inOrder[from] ? offset : 0;
      found.push(...read(statement, [place, begin.rank, begin.id, limit - found.length, skip]));
    }
    return found;
  }

  /** Whether a walk along this index meets what the filter asks for and nothing else. */
  isExact(source: Source, filter: TaskFilter): boolean {
    const { state, type, queue, createdFrom, createdTo, idPrefix } = filter;
    const isRanged = createdFrom !== undefined || createdTo !== undefined || idPrefix !== undefined;
    if (source.by === "group") {
      const isDead = (state ?? "DLQ") === "DLQ" && (queue ?? "dlq") === "dlq";
      return isDead && !isRanged && type === undefined && filter.errorType === undefined;
    }
    if (filter.errorType !== undefined || filter.errorGroup !== undefined) return false;
    if (source.by === "type") return state === undefined && queue === undefined;
    if (source.by === "queue") return state === undefined && type === undefined;
    if (source.by === "all") return state === undefined && type === undefined && queue === undefined;
    if (type !== undefined || isRanged) return false;
    return queue === undefined || state === undefined || state === stateStanding(queue);
  }

  /** The places that hold what the filter asks for; null when it names no state and no standing. */
  #placesOf({ state, queue }: TaskFilter): string[] | null {
    const standing = standingPlaces.get(queue ?? "");
    if (standing !== undefined) return [standing];
    if (state === undefined) return null;
    if (state !== "PENDING") return [state];
    return this.#lanePlaces().filter((place) => queue === undefined || parseLane(place)?.queue === queue);
  }

  /** Every lane that ever held a task: primary first, then the named queues; each in the order in which it runs. */
  #lanePlaces(): string[] {
    const order: readonly Lane[] = [...lanes, "retry"];
    const weight = (place: string) => {
      const lane = parseLane(place);
      return `${lane?.queue === primaryQueue ? 0 : 1}${lane?.queue} ${order.indexOf(lane?.lane ?? "retry")}`;
    };
    const places = [...this.#queues.allDepths().keys()].filter((place) => parseLane(place) !== null);
    return places.sort((a, b) => (weight(a) < weight(b) ? -1 : 1));
  }
}

/** The state of every task that a walk for this queue's places meets: lanes hold what is PENDING. */
function stateStanding(queue: string): string {
  const standing = standingPlaces.get(queue);
  return standing === undefined || parseLane(standing) !== null ? "PENDING" : standing;
}

function groupWalk(order: "ASC" | "DESC"): string {
  const after = order === "ASC" ? ">" : "<";
  return `error_group = ?1 AND (completed_at, id) ${after} (?2, ?3) ORDER BY completed_at ${order}, id ${order}`;
}

function prepareBoth(
  { prepare }: Connection,
  rest: (order: "ASC" | "DESC") => string,
  rank: "rank" | "completed_at" = "rank",
) {
  const select = (order: "ASC" | "DESC") =>
    prepare(`SELECT ${columnsWith(rank)} FROM tasks WHERE ${rest(order)} LIMIT ?4 OFFSET ?5`);
  return { asc: select("ASC"), desc: select("DESC") };
}

/** Before the first and after the last entry of a place. */
function edgeOf(isAscending: boolean): { rank: number; id: string } {
  return isAscending ? { rank: Number.MIN_SAFE_INTEGER, id: "" } : { rank: Number.MAX_SAFE_INTEGER, id: "" };
}

function read(statement: Statement, values: [string, string | number, string, number, number]): Candidate[] {
  return statement.all<CandidateRow>(...values).map((row) => {
    const [
      seq,
      id,
      place,
      rank,
      state,
      type,
      queue,
      createdAt,
      updatedAt,
      completedAt,
      errorType,
      errorGroup,
    ] = row;
    return {
      ...{ seq, id, place, rank, state, type, queue },
      ...{ createdAt, updatedAt, completedAt, errorType, errorGroup },
    };
  });
}

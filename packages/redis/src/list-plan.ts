/**
 * Which source a list query reads, and what is left to check on each candidate.
 *
 * Exact, with nothing left to check: no filter, or one of type and queue, by created_at, with dates and id prefix (the
 * indexes); a state or an error group alone, in its collection's own order. Anything else walks the smallest source there is.
 */
import {
  primaryQueue,
  type TaskFilter,
  type TaskListQuery,
  type TaskState,
  timeRangeOfIdPrefix,
  unknownErrorGroup,
} from "@workstream/core";
import { ListsSource, type ScoreRange, type TaskSource, ZsetSource } from "./list-source.ts";
import type { StoreLink } from "./store-link.ts";

type SortKey = TaskListQuery["sortBy"];

/** What is checked on a candidate, and no longer when the source vouches for it. */
type Check = "state" | "type" | "queue" | "created" | "prefix" | "errorType" | "errorGroup";

/** Which of the sources that a query can be answered from. */
type SourceName = "group" | "place" | "state" | "type" | "queue" | "all";

export type ListPlan = {
  by: SourceName;
  source: TaskSource;
  isExact: boolean;
  /** The orders that the source is in; a collection's own order stands for created_at too. */
  sortedBy: readonly SortKey[];
};

/** Ids begin with their creation time in this many characters, a dash among them. */
const timeChars = 13;

/**
 * Null when no task can match.
 * @param by the source that an earlier page was read from: a cursor goes on there
 * @param named the queues other than primary, where it is not this key space alone that knows
 */
export async function planList(
  link: StoreLink,
  query: TaskListQuery,
  { by, named }: { by?: string | undefined; named?: readonly string[] } = {},
): Promise<ListPlan | null> {
  const range = createdRange(query.filter);
  if (!range) return null;
  const needed = neededChecks(query.filter);
  const queues = named ?? (await namedQueues(link));
  const candidates = sources(link, { query, range, named: queues });
  const isExact = ({ vouches }: Candidate) => needed.every((check) => vouches.includes(check));
  const isOrdered = ({ sortedBy }: Candidate) =>
    query.sortBy !== "created_at" && sortedBy.includes(query.sortBy);
  const chosen =
    by === undefined
      ? (candidates.find(isExact) ?? candidates.find(isOrdered) ?? (await smallest(candidates)))
      : candidates.find((candidate) => candidate.by === by);
  return chosen ? { ...chosen, isExact: isExact(chosen) && chosen.sortedBy.includes(query.sortBy) } : null;
}

/** Names of the queues other than primary. */
export function namedQueues({ connection, keys }: StoreLink): Promise<string[]> {
  return connection.read((client) => client.smembers(keys.queues));
}

/** The scores that dates and prefix leave, or null for none. */
function createdRange({ createdFrom, createdTo, idPrefix }: TaskFilter): ScoreRange | null {
  const span = idPrefix === undefined ? null : timeRangeOfIdPrefix(idPrefix);
  if (idPrefix !== undefined && (!span || !isPrefixOfTime(idPrefix, span.fromMs))) return null;
  const from = Math.max(createdFrom ?? -Infinity, span?.fromMs ?? -Infinity);
  const to = Math.min(createdTo ?? Infinity, span?.toMs ?? Infinity);
  if (from > to) return null;
  return { from: from === -Infinity ? "-inf" : from, to: to === Infinity ? "+inf" : to };
}

/** A prefix whose dash is in the wrong place begins no id. */
function isPrefixOfTime(prefix: string, fromMs: number): boolean {
  const digits = Math.floor(fromMs).toString(16).padStart(12, "0");
  return `${digits.slice(0, 8)}-${digits.slice(8)}`.startsWith(prefix.slice(0, timeChars));
}

function neededChecks(filter: TaskFilter): Check[] {
  const { state, type, queue, createdFrom, createdTo, idPrefix } = filter;
  const isDated = createdFrom !== undefined || createdTo !== undefined || idPrefix !== undefined;
  const isNarrow = idPrefix !== undefined && idPrefix.length > timeChars;
  const needed: [Check, boolean][] = [
    ["state", state !== undefined],
    ["type", type !== undefined],
    ["queue", queue !== undefined],
    ["created", isDated],
    ["prefix", isNarrow],
    ["errorType", filter.errorType !== undefined],
    ["errorGroup", filter.errorGroup !== undefined],
  ];
  return needed.filter(([, isNeeded]) => isNeeded).map(([check]) => check);
}

/** A source that holds all matches. */
type Candidate = Omit<ListPlan, "isExact"> & { vouches: readonly Check[] };

/** The more exact ones first. */
function sources(
  link: StoreLink,
  { query, range, named }: { query: TaskListQuery; range: ScoreRange; named: readonly string[] },
): Candidate[] {
  const { keys } = link;
  const { filter, sortOrder } = query;
  const { state, type, queue, errorGroup } = filter;
  const byCreation = (by: SourceName, key: string, vouches: readonly Check[]): Candidate => ({
    by,
    source: new ZsetSource(link, key, { ...range, order: sortOrder }),
    vouches: [...vouches, "created"],
    sortedBy: ["created_at"],
  });
  const place = queue === undefined ? undefined : placesByQueue(link)[queue];
  if (queue !== undefined && !place && queue !== primaryQueue && !named.includes(queue)) return [];
  // What another program pushed stands in no index: only all dead letters hold it.
  if (errorGroup === unknownErrorGroup) return [deadLetters(link, query, errorGroup)];
  const candidates: Candidate[] = [];
  if (errorGroup !== undefined) candidates.push(deadLetters(link, query, errorGroup));
  if (place) candidates.push(collection(link, query, { by: "place", ...place }));
  if (state === "PENDING") candidates.push(lanes(link, query, named.toSorted()));
  else if (state) candidates.push(collection(link, query, { by: "state", ...placesByState(link)[state] }));
  if (type !== undefined) candidates.push(byCreation("type", keys.indexOfType(type), ["type"]));
  if (queue !== undefined && named.includes(queue)) {
    candidates.push(byCreation("queue", keys.indexOfQueue(queue), ["queue"]));
  }
  const isOnlyQueue = queue === primaryQueue && named.length === 0;
  candidates.push(byCreation("all", keys.index, isOnlyQueue ? ["queue"] : []));
  return candidates;
}

type Place = { state: TaskState; list?: string; zset?: string; isByCompletion?: boolean };

/** The names that mean where a task stands now. */
function placesByQueue({ keys }: StoreLink): Record<string, Place | undefined> {
  return {
    retry: { state: "PENDING", list: keys.retry },
    scheduled: { state: "SCHEDULED", zset: keys.scheduled },
    dlq: { state: "DLQ", list: keys.dlq },
  };
}

function placesByState({ keys }: StoreLink): Record<Exclude<TaskState, "PENDING">, Place> {
  return {
    ACTIVE: { state: "ACTIVE", zset: keys.active },
    SCHEDULED: { state: "SCHEDULED", zset: keys.scheduled },
    DLQ: { state: "DLQ", list: keys.dlq },
    COMPLETED: { state: "COMPLETED", zset: keys.completed, isByCompletion: true },
    FAILED: { state: "FAILED", zset: keys.failed, isByCompletion: true },
    CANCELLED: { state: "CANCELLED", zset: keys.cancelled, isByCompletion: true },
  };
}

function collection(
  link: StoreLink,
  { filter, sortOrder }: TaskListQuery,
  place: Place & { by: "place" | "state" },
): Candidate {
  const source = place.list
    ? new ListsSource(link, [place.list], sortOrder)
    : new ZsetSource(link, place.zset ?? "", { from: "-inf", to: "+inf", order: sortOrder });
  const ofState: Check[] = place.state === filter.state ? ["state"] : [];
  return {
    by: place.by,
    source,
    vouches: place.by === "place" ? ["queue", ...ofState] : ofState,
    sortedBy: place.isByCompletion ? ["created_at", "updated_at", "completed_at"] : ["created_at"],
  };
}

/** A group has a collection of its own, by time of death; those without one are looked for among all dead letters. */
function deadLetters(link: StoreLink, query: TaskListQuery, group: string): Candidate {
  if (group === unknownErrorGroup) {
    const all = new ListsSource(link, [link.keys.dlq], query.sortOrder);
    return { by: "group", source: all, vouches: [], sortedBy: ["created_at"] };
  }
  const bounds = { from: "-inf", to: "+inf", order: query.sortOrder } as const;
  const vouches: Check[] = ["errorGroup"];
  if (query.filter.state === "DLQ") vouches.push("state");
  if (query.filter.queue === "dlq") vouches.push("queue");
  return {
    by: "group",
    source: new ZsetSource(link, link.keys.errorGroup(group), bounds),
    vouches,
    sortedBy: ["created_at", "updated_at", "completed_at"],
  };
}

/** Where PENDING tasks stand, in the order in which they will run. */
function lanes(link: StoreLink, { filter, sortOrder }: TaskListQuery, named: readonly string[]): Candidate {
  const isLane =
    filter.queue === primaryQueue || (filter.queue !== undefined && named.includes(filter.queue));
  const queues = isLane ? [filter.queue ?? primaryQueue] : [primaryQueue, ...named];
  const lists = queues.flatMap((queue) => {
    const { high, normal, low, retry } = link.keys.lanes(queue);
    return [high, normal, low, retry];
  });
  const vouches: Check[] = isLane ? ["state", "queue"] : ["state"];
  return { by: "state", source: new ListsSource(link, lists, sortOrder), vouches, sortedBy: ["created_at"] };
}

async function smallest(candidates: readonly Candidate[]): Promise<Candidate | undefined> {
  const totals = await Promise.all(candidates.map(({ source }) => source.page({ offset: 0 }, 0)));
  const least = Math.min(...totals.map(({ total }) => total));
  return candidates[totals.findIndex(({ total }) => total === least)];
}

/**
 * Which source a list query reads, and what is left to check on each candidate.
 *
 * Exact, with nothing left to check: no filter, or one of type and queue, by created_at, with dates and id prefix (the
 * indexes); a state alone, in its collection's own order. Anything else walks the smallest source there is.
 */
import {
  primaryQueue,
  type TaskFilter,
  type TaskListQuery,
  type TaskState,
  timeRangeOfIdPrefix,
} from "@workstream/core";
import { ListsSource, type Order, type ScoreRange, type TaskSource, ZsetSource } from "./list-source.ts";
import type { StoreLink } from "./store-link.ts";

export type SortKey = TaskListQuery["sortBy"];

/** What is checked on a candidate, and no longer when the source vouches for it. */
type Check = "state" | "type" | "queue" | "created" | "prefix";

export type ListPlan = {
  source: TaskSource;
  checks: ReadonlySet<Check>;
  /** The orders that the source is in; `own` is a collection's order, taken for created_at too. */
  sortedBy: readonly SortKey[];
};

/** Ids begin with their creation time in this many characters, a dash among them. */
const timeChars = 13;

/** Null when no task can match. */
export async function planList(link: StoreLink, query: TaskListQuery): Promise<ListPlan | null> {
  const range = createdRange(query.filter);
  if (!range) return null;
  const needed = neededChecks(query.filter);
  const candidates = await sources(link, query, range);
  const exact = candidates.find(({ vouches }) => [...needed].every((check) => vouches.includes(check)));
  const chosen = exact ?? (await smallest(candidates));
  if (!chosen) return null;
  const checks = new Set([...needed].filter((check) => !chosen.vouches.includes(check)));
  return { source: chosen.source, checks, sortedBy: chosen.sortedBy };
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

function neededChecks({ state, type, queue, createdFrom, createdTo, idPrefix }: TaskFilter): Set<Check> {
  const checks = new Set<Check>();
  if (state) checks.add("state");
  if (type !== undefined) checks.add("type");
  if (queue !== undefined) checks.add("queue");
  if (createdFrom !== undefined || createdTo !== undefined || idPrefix !== undefined) checks.add("created");
  if (idPrefix !== undefined && idPrefix.length > timeChars) checks.add("prefix");
  return checks;
}

type Candidate = { source: TaskSource; vouches: readonly Check[]; sortedBy: readonly SortKey[] };

/** Every source that holds all matches, the more exact ones first. */
async function sources(link: StoreLink, query: TaskListQuery, range: ScoreRange): Promise<Candidate[]> {
  const { keys } = link;
  const { state, type, queue } = query.filter;
  const named = await link.connection.read((client) => client.smembers(keys.queues));
  const byCreation = (key: string, ...vouches: Check[]): Candidate => {
    const source = new ZsetSource(link, key, { ...range, order: query.sortOrder });
    return { source, vouches: [...vouches, "created"], sortedBy: ["created_at"] };
  };
  const place = queue === undefined ? undefined : placesByQueue(link)[queue];
  const candidates: Candidate[] = [];
  if (place)
    candidates.push(
      collection(link, place, query.sortOrder, [
        "queue",
        ...(place.state === state ? (["state"] as const) : []),
      ]),
    );
  if (state === "PENDING") candidates.push(lanes(link, query, named.sort()));
  else if (state) candidates.push(collection(link, placesByState(link)[state], query.sortOrder, ["state"]));
  if (type !== undefined) candidates.push(byCreation(keys.indexOfType(type), "type"));
  if (queue !== undefined && named.includes(queue))
    candidates.push(byCreation(keys.indexOfQueue(queue), "queue"));
  candidates.push(
    byCreation(keys.index, ...(queue === primaryQueue && named.length === 0 ? (["queue"] as const) : [])),
  );
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

function collection(link: StoreLink, place: Place, order: Order, vouches: readonly Check[]): Candidate {
  const source = place.list
    ? new ListsSource(link, [place.list], order)
    : new ZsetSource(link, place.zset ?? "", { from: "-inf", to: "+inf", order });
  return {
    source,
    vouches,
    sortedBy: place.isByCompletion ? ["created_at", "updated_at", "completed_at"] : ["created_at"],
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
  return { source: new ListsSource(link, lists, sortOrder), vouches, sortedBy: ["created_at"] };
}

async function smallest(candidates: readonly Candidate[]): Promise<Candidate | undefined> {
  const totals = await Promise.all(candidates.map(({ source }) => source.page({ offset: 0 }, 0)));
  const least = Math.min(...totals.map(({ total }) => total));
  return candidates[totals.findIndex(({ total }) => total === least)];
}

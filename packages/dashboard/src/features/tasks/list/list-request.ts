/** What the gateway is asked for a list. */
import type { TaskListQuery } from "@workstream/client";
import { type Clock, createdSpan } from "../search/created-span.ts";
import type { TaskSearch } from "../search/task-search.ts";

export const sortKeys = ["created", "updated", "completed"] as const;
export type SortKey = (typeof sortKeys)[number];
export type Sorting = { key: SortKey; isAscending: boolean };

/** Wire names, as lists and bulk operations share them. */
export type ListFilter = Pick<
  { [Name in keyof TaskListQuery]: Exclude<TaskListQuery[Name], null> },
  "status" | "task_type" | "queue" | "error_type" | "error_group" | "task_id" | "start_date" | "end_date"
>;

export type ListRequest = { filter: ListFilter; sorting: Sorting };

/** Names that mean where a task stands now, and not the queue it belongs to. */
const places = ["retry", "scheduled", "dlq"];

export function toListFilter(search: TaskSearch, clock: Clock): ListFilter {
  const span = search.created === undefined ? null : createdSpan(search.created, clock);
  return dropAbsent({
    status: search.status,
    task_type: search.type,
    queue: search.queue,
    error_type: search.error,
    error_group: search.group,
    task_id: search.id,
    start_date: toInstant(span?.fromMs),
    end_date: toInstant(span?.toMs),
  });
}

function toInstant(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}

function dropAbsent<T extends object>(value: T): ListFilter {
  return Object.fromEntries(Object.entries(value).filter(([, of]) => of !== undefined));
}

export function toQuery({ filter, sorting }: ListRequest): TaskListQuery {
  return {
    ...filter,
    sort_by: `${sorting.key}_at`,
    sort_order: sorting.isAscending ? "asc" : "desc",
  };
}

/**
 * Whether a task is in the list from its creation on and for good, so that a limit on the creation time keeps the list
 * as it was when it was begun, however many tasks come.
 */
export function isFixedByCreation({ filter, sorting }: ListRequest): boolean {
  const isByState = filter.status ?? filter.error_type ?? filter.error_group;
  const isByPlace = filter.queue !== undefined && places.includes(filter.queue);
  return isByState === undefined && !isByPlace && sorting.key === "created";
}

/** The filter of what was in the list when it was begun. @param anchor created_at of its newest task */
export function anchoredFilter(request: ListRequest, anchor: string | null): ListFilter {
  const { filter } = request;
  if (anchor === null || !isFixedByCreation(request)) return filter;
  const isEarlier = typeof filter.end_date === "string" && filter.end_date < anchor;
  return isEarlier ? filter : { ...filter, end_date: anchor };
}

/** The filter of what came since; null where nothing can. */
export function newerFilter({ filter }: ListRequest, anchor: string): ListFilter | null {
  const start = new Date(Date.parse(anchor) + 1).toISOString();
  if (typeof filter.end_date === "string" && filter.end_date < start) return null;
  return { ...filter, start_date: start };
}

/** Whether tasks come in the order in which they stand in their state or place, which is not that of their creation. */
export function isInOwnOrder({ filter, sorting }: ListRequest): boolean {
  const isPlace = filter.queue !== undefined && places.includes(filter.queue);
  return sorting.key === "created" && (filter.status !== undefined || isPlace);
}

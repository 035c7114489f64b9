/** How many tasks a list would have more if it were begun now. */
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { client } from "../../../lib/client.ts";
import type { TaskNews } from "../../../lib/live/live-state.ts";
import { useTaskNews } from "../../../lib/live/use-live.ts";
import { isFixedByCreation, type ListFilter, type ListRequest, newerFilter } from "./list-request.ts";
import type { TaskListView } from "./use-task-list.ts";

export type NewTasks = { count: number; isAtLeast: boolean };

const countingEveryMs = 1_500;
/** Ids of tasks that came into a state: past that, more is not told apart. */
const maxToldIds = 500;

function newCountQuery(filter: ListFilter | null, anchor: string | null) {
  return queryOptions({
    queryKey: ["tasks", "newer", filter, anchor],
    enabled: filter !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<NewTasks> => {
      const answer = await client.tasks.summaries({ ...filter, page_size: 1 }, { signal });
      return { count: answer.total_items, isAtLeast: answer.total_is_estimate };
    },
  });
}

export function useNewTasks(view: TaskListView): NewTasks {
  const { list, trail } = view;
  const isCounted = isFixedByCreation({ ...list.request, sorting: { key: "created", isAscending: false } });
  const counted = useCountedNewTasks(view, isCounted);
  const told = useToldNewTasks(view, !isCounted);
  return trail === null ? { count: 0, isAtLeast: false } : isCounted ? counted : told;
}

/** Exact: the gateway is asked, soon after it told that tasks were created. */
function useCountedNewTasks({ list, trail }: TaskListView, isWanted: boolean): NewTasks {
  const queries = useQueryClient();
  const anchor = trail?.anchor ?? null;
  const newer = anchor === null ? list.request.filter : newerFilter(list.request, anchor);
  const query = newCountQuery(isWanted && trail !== null ? newer : null, anchor);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useTaskNews((news) => {
    if (!isWanted || timer.current !== null || !news.some(({ from }) => from === null)) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      void queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
    }, countingEveryMs);
  });
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
  return useQuery(query).data ?? { count: 0, isAtLeast: false };
}

/** A lower bound, from what was told: tasks that came into the list's state and are not on its loaded pages. */
function useToldNewTasks({ list, loaded }: TaskListView, isWanted: boolean): NewTasks {
  const [told, setTold] = useState<{ list: unknown; ids: ReadonlySet<string> }>({ list, ids: new Set() });
  const ids = told.list === list ? told.ids : new Set<string>();
  useTaskNews((news) => {
    if (!isWanted) return;
    const known = new Set(loaded.flatMap((page) => page?.rows.map(({ task_id: id }) => id) ?? []));
    const next = new Set(ids);
    for (const each of news) {
      if (next.size < maxToldIds && isEntry(list.request, each) && !known.has(each.taskId))
        next.add(each.taskId);
      if (isExit(list.request, each)) next.delete(each.taskId);
    }
    if (next.size !== ids.size) setTold({ list, ids: next });
  });
  return { count: ids.size, isAtLeast: ids.size > 0 };
}

const stateOfPlace: Record<string, string> = { dlq: "DLQ", scheduled: "SCHEDULED" };

/** Only what news can tell: other filters would count tasks that don't belong to the list. */
function isEntry({ filter }: ListRequest, { to, taskType }: TaskNews): boolean {
  const state = filter.status ?? stateOfPlace[filter.queue ?? ""];
  const isTold =
    filter.error_type === undefined && filter.error_group === undefined && filter.task_id === undefined;
  const isOfQueue = filter.queue === undefined || filter.queue in stateOfPlace;
  const isOfType = filter.task_type === undefined || filter.task_type === taskType;
  return isTold && isOfQueue && isOfType && state !== undefined && to === state;
}

function isExit({ filter }: ListRequest, { to }: TaskNews): boolean {
  const state = filter.status ?? stateOfPlace[filter.queue ?? ""];
  return state !== undefined && to !== state;
}

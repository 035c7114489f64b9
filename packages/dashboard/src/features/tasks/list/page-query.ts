import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { client } from "../../../lib/client.ts";
import { anchoredFilter, isFixedByCreation, type ListRequest, toQuery } from "./list-request.ts";
import { addressOf, type ListTrail, pageSize } from "./list-trail.ts";
import { type LoadedPage, mergePage, missingFrom } from "./page-merge.ts";
import { type TaskRowData, toRowData } from "./task-row-data.ts";

/** A list that was begun: the request, and which time it was begun. */
export type TaskList = { request: ListRequest; generation: number };

/** Pages out of sight are let go after this: what one scrolls past does not pile up. */
const keptMs = 15_000;
/** Rows that left a list and are looked at one by one, in one reading. */
const maxSingles = 20;

export function pageKey({ request, generation }: TaskList, page: number) {
  return ["tasks", "list", request, generation, page] as const;
}

type PageContext = {
  list: TaskList;
  trail: () => ListTrail | null;
  /** What is in sight, and worth a request of its own. */
  isInSight: (taskId: string) => boolean;
};

export function pageQuery(page: number, { list, trail, isInSight }: PageContext) {
  return queryOptions({
    queryKey: pageKey(list, page),
    gcTime: keptMs,
    queryFn: async ({ signal, client: queries }): Promise<LoadedPage> => {
      const fresh = await readPage(page, { list, trail: trail() }, signal);
      const old = readKept(queries, list, page);
      if (old === undefined) return fresh;
      const left = missingFrom(old, fresh).filter((row) => !row.isGone && isInSight(row.task_id));
      const alone = await Promise.all(left.slice(0, maxSingles).map((row) => readAlone(row, signal)));
      return mergePage(readKept(queries, list, page) ?? old, fresh, alone);
    },
  });
}

export function readKept(queries: QueryClient, list: TaskList, page: number): LoadedPage | undefined {
  return queries.getQueryData<LoadedPage>(pageKey(list, page));
}

async function readPage(
  page: number,
  { list, trail }: { list: TaskList; trail: ListTrail | null },
  signal: AbortSignal,
): Promise<LoadedPage> {
  const isAnchored = trail?.isExact ?? false;
  const filter = isAnchored ? anchoredFilter(list.request, trail?.anchor ?? null) : list.request.filter;
  const address = addressOf(trail, page) ?? { page: page + 1 };
  const answer = await client.tasks.summaries(
    { ...toQuery({ ...list.request, filter }), page_size: pageSize, ...address },
    { signal },
  );
  const { tasks, total_items, total_is_estimate, next_cursor } = answer;
  // A cursor belongs to the filter it was made for: the pages behind will be asked for with the anchor.
  const isForeign = trail === null && !total_is_estimate && isFixedByCreation(list.request);
  return {
    rows: tasks.map(toRowData),
    facts: {
      total_items,
      total_is_estimate,
      next_cursor: isForeign ? null : next_cursor,
      length: tasks.length,
    },
  };
}

async function readAlone(row: TaskRowData, signal: AbortSignal): Promise<TaskRowData> {
  const { tasks } = await client.tasks.summaries({ task_id: row.task_id, page_size: 1 }, { signal });
  const task = tasks.find(({ task_id: id }) => id === row.task_id);
  return task ? toRowData(task) : { ...row, isGone: true };
}

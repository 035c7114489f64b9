import type { TaskState } from "@workstream/core";
import type { TaskNews } from "../../../lib/live/live-state.ts";
import type { PageFacts } from "./list-trail.ts";
import type { TaskRowData } from "./task-row-data.ts";

/** One page of a list as the query cache holds it. */
export type LoadedPage = { rows: readonly TaskRowData[]; facts: PageFacts };

/** What a page shows stays in its place when it is read again: rows change, none comes and none moves. */
export function mergePage(
  old: LoadedPage,
  fresh: LoadedPage,
  alone: readonly TaskRowData[] = [],
): LoadedPage {
  const known = new Map([...fresh.rows, ...alone].map((row) => [row.task_id, row]));
  return {
    rows: old.rows.map((row) => known.get(row.task_id) ?? row),
    facts: { ...fresh.facts, length: old.rows.length },
  };
}

/** Rows that a second reading no longer has: deleted, or no longer matching. */
export function missingFrom(old: LoadedPage, fresh: LoadedPage): TaskRowData[] {
  const ids = new Set(fresh.rows.map(({ task_id: id }) => id));
  return old.rows.filter((row) => !ids.has(row.task_id));
}

/** The same page when the news is not about it. */
export function applyNews(page: LoadedPage, states: ReadonlyMap<string, TaskState>): LoadedPage {
  const isAbout = ({ task_id: id, state }: TaskRowData) => (states.get(id) ?? state) !== state;
  if (!page.rows.some(isAbout)) return page;
  return {
    ...page,
    rows: page.rows.map((row) =>
      isAbout(row) ? { ...row, state: states.get(row.task_id) ?? row.state } : row,
    ),
  };
}

/** The last state that each task was told to be in. */
export function newestStates(news: readonly TaskNews[]): Map<string, TaskState> {
  return new Map(news.map(({ taskId, to }) => [taskId, to]));
}

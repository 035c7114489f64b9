/** Keeps the rows in sight as they are: a told state is shown at once, the rest is read within a second. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTaskNews } from "../../../lib/live/use-live.ts";
import { applyNews, type LoadedPage, newestStates } from "./page-merge.ts";
import { pageKey, readKept } from "./page-query.ts";
import type { TaskListView } from "./use-task-list.ts";

const readingEveryMs = 1_000;

export function useLiveRows({ list, wanted }: TaskListView): void {
  const queries = useQueryClient();
  const stale = useRef(new Set<number>());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const read = () => {
    timer.current = null;
    for (const page of stale.current) {
      void queries.invalidateQueries({ queryKey: pageKey(list, page), exact: true });
    }
    stale.current.clear();
  };

  useTaskNews((news) => {
    const states = newestStates(news);
    for (const page of wanted) {
      const kept = readKept(queries, list, page);
      if (kept === undefined) continue;
      const told = applyNews(kept, states);
      if (told !== kept) queries.setQueryData<LoadedPage>(pageKey(list, page), told);
      if (kept.rows.some(({ task_id: id }) => states.has(id))) stale.current.add(page);
    }
    if (stale.current.size > 0) timer.current ??= setTimeout(read, readingEveryMs);
  });

  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
}

/** Tells a list what is in sight: at most ten times a second, so that what flies by is not asked for. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { rememberList } from "./list-memory.ts";
import type { Sight, TaskListView } from "./use-task-list.ts";

const lookEveryMs = 100;

export function useSight(view: TaskListView, sight: Sight, currentRow: number | null): void {
  const queries = useQueryClient();
  const lookedAt = useRef(0);
  const { name, list, trail, look, noteInSight } = view;
  const { first, last } = sight;

  useEffect(() => {
    const tell = () => {
      lookedAt.current = performance.now();
      look({ first, last });
    };
    const wait = lookedAt.current + lookEveryMs - performance.now();
    if (wait <= 0) return tell();
    const timer = setTimeout(tell, wait);
    return () => clearTimeout(timer);
  }, [look, first, last]);

  // After every rendering: what stands in the rows may have changed without their numbers.
  useEffect(() => {
    const ids: string[] = [];
    for (let row = first; row <= last; row += 1) {
      const id = view.rowAt(row)?.task_id;
      if (id !== undefined) ids.push(id);
    }
    noteInSight(ids);
  });

  const place = useRef({ list, trail, topRow: first, currentRow });
  place.current = { list, trail, topRow: first, currentRow };
  useEffect(() => () => rememberList(queries, name, place.current), [queries, name]);
}

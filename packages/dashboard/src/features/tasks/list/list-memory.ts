/** Where one was in a list: whoever opens a task and comes back finds the list as it was left. */
import type { QueryClient } from "@tanstack/react-query";
import type { ListTrail } from "./list-trail.ts";
import type { TaskList } from "./page-query.ts";

export type ListMemory = {
  list: TaskList;
  trail: ListTrail | null;
  /** The row that was on top, and the one that was current. */
  topRow: number;
  currentRow: number | null;
};

/** Not below `tasks`: it is no answer of the gateway. It lasts as long as the cache keeps what nobody looks at. */
function memoryKey(name: string) {
  return ["task-list-memory", name] as const;
}

export function recallList(queries: QueryClient, name: string): ListMemory | undefined {
  return queries.getQueryData<ListMemory>(memoryKey(name));
}

export function rememberList(queries: QueryClient, name: string, memory: ListMemory): void {
  queries.setQueryData<ListMemory>(memoryKey(name), memory);
}

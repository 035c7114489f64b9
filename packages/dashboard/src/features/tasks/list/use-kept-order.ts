import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { keepTaskOrder, type TaskListAddress } from "../../../lib/task-neighbours.ts";
import type { TaskListView } from "./use-task-list.ts";

/** Pages whose order is kept: enough to go through by hand, and little memory. */
const maxPages = 50;

/** Keeps the order of what was loaded for the screen of one task, which goes on to its neighbours. */
export function useKeptOrder(address: TaskListAddress, { list, wanted, loaded }: TaskListView): void {
  const queries = useQueryClient();
  const kept = useRef<{ list: unknown; order: Map<number, readonly string[]> }>({ list, order: new Map() });
  useEffect(() => {
    if (kept.current.list !== list) kept.current = { list, order: new Map() };
    const { order } = kept.current;
    wanted.forEach((page, index) => {
      const ids = loaded[index]?.rows.map(({ task_id: id }) => id);
      if (ids === undefined) return;
      order.delete(page);
      order.set(page, ids);
    });
    for (const page of order.keys()) if (order.size > maxPages) order.delete(page);
    if (order.size > 0) keepTaskOrder(queries, address, Object.fromEntries(order));
  }, [queries, address, list, wanted, loaded]);
}

import { useRef, useState } from "react";
import type { TaskListView } from "../list/use-task-list.ts";
import { add, isSelected, nothing, remove, type Selectable, type Selection, toggle } from "./selection.ts";

/** What is selected in a list; a stretch goes from the row that was touched last. */
export function useListSelection({ rowAt }: TaskListView) {
  const [selection, setSelection] = useState<Selection>(nothing);
  const lastRow = useRef<number | null>(null);

  const rowsBetween = (from: number, to: number): Selectable[] => {
    const [first, last] = from < to ? [from, to] : [to, from];
    return Array.from({ length: last - first + 1 }, (_, index) => rowAt(first + index)).filter(
      (task) => task !== undefined,
    );
  };
  const select = (row: number, isStretch: boolean) => {
    const task = rowAt(row);
    if (task === undefined) return;
    const from = isStretch ? lastRow.current : null;
    lastRow.current = row;
    setSelection((now) => {
      if (from === null) return toggle(now, task);
      const stretch = rowsBetween(from, row);
      return isSelected(now, task.task_id) ? remove(now, stretch) : add(now, stretch);
    });
  };
  return {
    selection,
    select,
    selectRows: (first: number, last: number) => setSelection((now) => add(now, rowsBetween(first, last))),
    selectAll: () => setSelection({ kind: "all" }),
    clear: () => setSelection(nothing),
  };
}

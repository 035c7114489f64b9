import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useRef, useState } from "react";
import { usePreferences } from "../../../lib/preferences.ts";
import { errorText } from "../../../ui/error-state.tsx";
import { notify } from "../../../ui/notify.ts";
import { useListSelection } from "../selection/use-list-selection.ts";
import { type ListAddress, listName } from "./list-address.ts";
import { recallList } from "./list-memory.ts";
import type { ListRequest } from "./list-request.ts";
import { rowCount } from "./list-trail.ts";
import { useIsNarrow } from "./use-is-narrow.ts";
import { useKeptOrder } from "./use-kept-order.ts";
import { useLiveRows } from "./use-live-rows.ts";
import { useNewTasks } from "./use-new-tasks.ts";
import { useRowWindow } from "./use-row-window.ts";
import { useSight } from "./use-sight.ts";
import { useTaskHref } from "./use-task-href.ts";
import { useTaskList } from "./use-task-list.ts";

const heights = { comfortable: 37, compact: 28, card: 58, header: 32 } as const;

export type ListScreen = ReturnType<typeof useListScreen>;

/** Everything that one list on the screen has: its rows, where one is in it, what is selected. */
export function useListScreen({ address, begin }: { address: ListAddress; begin: () => ListRequest }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const name = listName(address);
  const [memory] = useState(() => recallList(queries, name));
  const view = useTaskList(name, begin);
  const newTasks = useNewTasks(view);
  const chosen = useListSelection(view);
  const [menuOf, setMenuOf] = useState<string | null>(null);
  const hrefOf = useTaskHref(address);
  const [currentRow, setCurrentRow] = useState<number | null>(memory?.currentRow ?? null);

  const isNarrow = useIsNarrow();
  const { density } = usePreferences();
  const count = view.trail === null ? 0 : rowCount(view.trail);
  const rowHeight = isNarrow ? heights.card : heights[density];
  const headerHeight = isNarrow ? 0 : heights.header;
  const rows = useRowWindow({ count, rowHeight, headerHeight, topRow: memory?.topRow ?? 0 });
  useSight(view, rows.sight, currentRow);
  useLiveRows(view);
  useKeptOrder(address, view);

  const moveTo = (row: number) => {
    const next = Math.max(0, Math.min(count - 1, row));
    setCurrentRow(next);
    rows.reveal(next);
  };
  const open = (row: number | null) => {
    const task = row === null ? undefined : view.rowAt(row);
    if (task === undefined) return;
    setCurrentRow(row);
    void navigate({ to: "/tasks/$taskId", params: { taskId: task.task_id }, search: address });
  };

  const newest = useRef({ open, view, rows, chosen });
  newest.current = { open, view, rows, chosen };
  /** The same for good, so that rows need not be drawn again. */
  const actions = useMemo(
    () => ({
      onOpen: (row: number) => newest.current.open(row),
      onSelect: (row: number, isStretch: boolean) => {
        setCurrentRow(row);
        newest.current.chosen.select(row, isStretch);
      },
      onMenu: setMenuOf,
    }),
    [],
  );
  const reload = useCallback(async () => {
    try {
      await newest.current.view.reload();
      newest.current.rows.scrollToRow(0);
      newest.current.chosen.clear();
      setCurrentRow(null);
    } catch (error) {
      notify({ kind: "error", text: "The list could not be loaded.", detail: errorText(error) });
    }
  }, []);

  const { failed } = view;
  return {
    view,
    rows,
    chosen,
    newTasks,
    count,
    rowHeight,
    headerHeight,
    isNarrow,
    currentRow,
    setCurrentRow,
    moveTo,
    move: (by: number) => moveTo(currentRow === null ? rows.sight.first : currentRow + by),
    leave: () => setCurrentRow(null),
    open,
    actions,
    menuOf,
    hrefOf,
    reload,
    failed,
    staleSince: failed?.data === undefined ? null : failed.dataUpdatedAt,
  };
}

import { type MouseEvent, memo } from "react";
import { cn } from "../../../ui/class-names.ts";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { type CellContext, type ColumnName, columnOf } from "./columns.tsx";
import { RowMenu } from "./row-menu.tsx";
import { TaskCard } from "./task-card.tsx";
import type { TaskRowData } from "./task-row-data.ts";

export type RowActions = {
  onOpen: (row: number) => void;
  onSelect: (row: number, isStretch: boolean) => void;
};

type TaskRowProps = CellContext & {
  row: number;
  id: string;
  task: TaskRowData | undefined;
  height: number;
  columns: readonly ColumnName[] | "card";
  isSelected: boolean;
  mayAct: boolean;
  actions: RowActions;
};

/** A row is drawn again only when something of it changed: hundreds pass by in a second of scrolling. */
export const TaskRow = memo(function TaskRow(props: TaskRowProps) {
  const { row, id, task, height, isCurrent, isSelected, mayAct, actions } = props;
  const open = (event: MouseEvent<HTMLElement>) => {
    const isControl = (event.target as HTMLElement).closest("a, button, input, label, [role=menu]") !== null;
    if (isControl || String(globalThis.getSelection?.() ?? "") !== "") return;
    actions.onOpen(row);
  };
  return (
    <tr
      id={id}
      aria-rowindex={row + 2}
      aria-selected={isSelected}
      onClick={task ? open : undefined}
      style={{ height }}
      className={cn(
        "group cursor-pointer border-t hover:bg-raised/60",
        isSelected && "bg-accent-bg hover:bg-accent-bg",
        isCurrent && "bg-raised shadow-[inset_2px_0_0_var(--accent)]",
        isSelected && isCurrent && "bg-accent-bg",
        task?.isGone && "opacity-55",
      )}
    >
      {mayAct && (
        <td className="pl-3">
          {task && (
            <input
              type="checkbox"
              checked={isSelected}
              tabIndex={isCurrent ? 0 : -1}
              aria-label={`Select ${task.task_id}`}
              onChange={({ nativeEvent }) =>
                actions.onSelect(row, nativeEvent instanceof globalThis.MouseEvent && nativeEvent.shiftKey)
              }
              className="block size-3.75 cursor-pointer accent-(--accent)"
            />
          )}
        </td>
      )}
      <Cells {...props} />
      {mayAct && <td className="pr-2 text-right">{task && <RowMenu task={task} isCurrent={isCurrent} />}</td>}
    </tr>
  );
});

function Cells({ columns, task, address, isCurrent }: TaskRowProps) {
  if (columns === "card") {
    return (
      <td className="px-3 py-1">
        {task ? <TaskCard task={task} address={address} isCurrent={isCurrent} /> : <Skeleton />}
      </td>
    );
  }
  return columns.map((name) => {
    const { cell, isNumber } = columnOf(name);
    return (
      <td
        key={name}
        className={cn("truncate pl-3 text-sm", isNumber && "tabular text-right", name === "error" && "pl-6")}
      >
        {task ? cell(task, { address, isCurrent }) : <Skeleton className="w-3/5" />}
      </td>
    );
  });
}

import { Ellipsis } from "lucide-react";
import { type MouseEvent, memo } from "react";
import { cn } from "../../../ui/class-names.ts";
import { type CellContext, type ColumnName, columnOf } from "./columns.tsx";
import { RowMenu } from "./row-menu.tsx";
import { TaskCard } from "./task-card.tsx";
import type { TaskRowData } from "./task-row-data.ts";

export type RowActions = {
  onOpen: (row: number) => void;
  onSelect: (row: number, isStretch: boolean) => void;
  onMenu: (taskId: string) => void;
};

type TaskRowProps = CellContext & {
  row: number;
  id: string;
  task: TaskRowData | undefined;
  height: number;
  columns: readonly ColumnName[] | "card";
  isSelected: boolean;
  /** Its menu was opened; other rows carry the button only. */
  hasMenu: boolean;
  mayAct: boolean;
  actions: RowActions;
};

/** A row is drawn again only when something of it changed: thousands pass by in a second of scrolling. */
export const TaskRow = memo(function TaskRow(props: TaskRowProps) {
  const { row, id, task, height, isCurrent, isSelected, mayAct, actions } = props;
  if (task === undefined) return <RowToCome row={row} height={height} />;
  return (
    <tr
      id={id}
      aria-rowindex={row + 2}
      aria-selected={isSelected}
      onClick={(event) => {
        if (isToOpen(event)) actions.onOpen(row);
      }}
      style={{ height }}
      className={rowLook({ isSelected, isCurrent, isGone: task.isGone })}
    >
      {mayAct && (
        <td className="pl-3">
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
        </td>
      )}
      <Cells {...props} task={task} />
      {mayAct && (
        <td className="pr-2 text-right">
          <MenuCell {...props} task={task} />
        </td>
      )}
    </tr>
  );
});

type LoadedRowProps = TaskRowProps & { task: TaskRowData };

function RowToCome({ row, height }: { row: number; height: number }) {
  return (
    <tr aria-rowindex={row + 2} aria-busy="true" style={{ height }} className="border-t">
      <td colSpan={100} className="px-3">
        <div aria-hidden="true" className="h-3 w-3/5 rounded-sm bg-raised" />
      </td>
    </tr>
  );
}

/** A press on the row, or on its link without a key that means another tab; not one that ends a marking of text. */
function isToOpen(event: MouseEvent<HTMLElement>): boolean {
  const control = (event.target as HTMLElement).closest("a, button, input, [role=menu], [role=alertdialog]");
  if (control instanceof HTMLAnchorElement) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false;
    event.preventDefault();
    return true;
  }
  return control === null && String(globalThis.getSelection?.() ?? "") === "";
}

function rowLook({ isSelected, isCurrent, isGone }: Record<"isSelected" | "isCurrent" | "isGone", boolean>) {
  return cn(
    "cursor-pointer border-t hover:bg-raised/60",
    isCurrent && "bg-raised [&>td:first-child]:shadow-[inset_3px_0_0_var(--accent)]",
    isSelected && "bg-accent-bg hover:bg-accent-bg",
    isGone && "opacity-55",
  );
}

function Cells({ columns, task, hrefOf, isCurrent }: LoadedRowProps) {
  if (columns === "card") {
    return (
      <td className="px-1 py-1">
        <TaskCard task={task} hrefOf={hrefOf} isCurrent={isCurrent} />
      </td>
    );
  }
  return columns.map((name) => {
    const { cell, isNumber } = columnOf(name);
    return (
      <td key={name} className={isNumber ? numberLook : name === "error" ? errorLook : textLook}>
        {cell(task, { hrefOf, isCurrent })}
      </td>
    );
  });
}

const textLook = "truncate pl-3 text-sm";
const numberLook = "tabular truncate pl-3 text-right text-sm";
const errorLook = "truncate pl-6 text-sm";

function MenuCell({ task, isCurrent, hasMenu, actions }: LoadedRowProps) {
  if (task.isGone) return null;
  if (hasMenu) return <RowMenu key={task.task_id} task={task} />;
  return (
    <button
      type="button"
      tabIndex={isCurrent ? 0 : -1}
      aria-label={`Actions for ${task.task_id}`}
      aria-haspopup="menu"
      onClick={() => actions.onMenu(task.task_id)}
      className="inline-flex size-6 items-center justify-center rounded-md align-middle text-faint hover:bg-raised hover:text-fg"
    >
      <Ellipsis className="size-3.5" />
    </button>
  );
}

import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../../../ui/class-names.ts";
import { type ColumnName, columnOf } from "./columns.tsx";
import type { Sorting } from "./list-request.ts";

const checkboxPx = 38;
const menuPx = 44;

type TaskTableProps = {
  columns: readonly ColumnName[] | "card";
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
  mayAct: boolean;
  /** Null: not known. */
  rowCount: number | null;
  currentRowId: string | undefined;
  headerHeight: number;
  children: ReactNode;
};

/** A real table of the rows in sight. It holds the focus; `currentRowId` says where one is in it. */
export function TaskTable(props: TaskTableProps) {
  const { columns, mayAct, rowCount, currentRowId, headerHeight, children } = props;
  const widths = columns === "card" ? [0] : columns.map((name) => columnOf(name).widthPx);
  const least = widths.reduce((sum, width) => sum + width, mayAct ? checkboxPx + menuPx : 0);
  return (
    <table
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA allows a grid on a table, whose rows are then its rows
      role="grid"
      tabIndex={0}
      aria-label="Tasks"
      aria-rowcount={rowCount === null ? -1 : rowCount + 1}
      aria-multiselectable={mayAct}
      aria-activedescendant={currentRowId}
      style={{ minWidth: least }}
      className="w-full table-fixed border-collapse outline-none"
    >
      <colgroup>
        {mayAct && <col style={{ width: checkboxPx }} />}
        {columns === "card" ? (
          <col />
        ) : (
          columns.map((name) => <col key={name} style={{ width: widthOf(name, columns) }} />)
        )}
        {mayAct && <col style={{ width: menuPx }} />}
      </colgroup>
      <thead className={columns === "card" ? "sr-only" : "sticky top-0 z-10 bg-panel"}>
        <tr
          aria-rowindex={1}
          style={{ height: headerHeight }}
          className="shadow-[inset_0_-1px_0_var(--line)]"
        >
          {mayAct && (
            <th scope="col">
              <span className="sr-only">Selected</span>
            </th>
          )}
          {columns === "card" ? (
            <th scope="col">Task</th>
          ) : (
            columns.map((name) => <Head key={name} name={name} {...props} />)
          )}
          {mayAct && (
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** The error takes the room that is left; without it, what is left is shared. */
function widthOf(name: ColumnName, columns: readonly ColumnName[]): number | undefined {
  return name === "error" || (name === columns.at(-1) && !columns.includes("error"))
    ? undefined
    : columnOf(name).widthPx;
}

function Head({ name, sorting, onSort }: { name: ColumnName } & TaskTableProps) {
  const { label, isNumber, sort } = columnOf(name);
  const isSorted = sort !== undefined && sorting.key === sort;
  const Arrow = sorting.isAscending ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      aria-sort={isSorted ? (sorting.isAscending ? "ascending" : "descending") : undefined}
      className={cn(
        "pl-3 text-left text-xs font-normal whitespace-nowrap text-faint",
        isNumber && "text-right",
        name === "error" && "pl-6",
      )}
    >
      {sort === undefined ? (
        label
      ) : (
        <button
          type="button"
          className={cn("inline-flex items-center gap-1 hover:text-fg", isSorted && "font-medium text-fg")}
          onClick={() => onSort({ key: sort, isAscending: isSorted ? !sorting.isAscending : false })}
        >
          {label}
          {isSorted && <Arrow className="size-3" aria-hidden="true" />}
        </button>
      )}
    </th>
  );
}

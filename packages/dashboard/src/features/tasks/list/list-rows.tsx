import { Button } from "../../../ui/button.tsx";
import { ErrorState, errorText } from "../../../ui/error-state.tsx";
import { LoadingRows } from "../../../ui/skeleton.tsx";
import { isSelected } from "../selection/selection.ts";
import type { ColumnName } from "./columns.tsx";
import type { Sorting } from "./list-request.ts";
import { knownRows } from "./list-trail.ts";
import { TaskRow } from "./task-row.tsx";
import { TaskTable } from "./task-table.tsx";
import type { ListScreen } from "./use-list-screen.ts";

type ListRowsProps = {
  screen: ListScreen;
  sorting: Sorting;
  columns: readonly ColumnName[];
  mayAct: boolean;
  onSort: (sorting: Sorting) => void;
};

/** The area that scrolls: rows in sight as a table, with room above and below for all the others. */
export function ListRows({ screen, sorting, columns, mayAct, onSort }: ListRowsProps) {
  const { view, rows, chosen, currentRow, isNarrow, rowHeight, headerHeight, failed } = screen;
  const { trail, first } = view;
  if (trail === null && first.isError) {
    return <ErrorState error={first.error} onRetry={() => void first.refetch()} />;
  }
  if (trail === null) {
    return (
      <div className="px-4 py-2">
        <LoadingRows rows={12} label="Loading tasks" />
      </div>
    );
  }
  const shown = isNarrow ? "card" : columns;
  const known = knownRows(trail);
  return (
    <>
      {failed !== undefined && failed.data === undefined && (
        <div role="alert" className="flex items-center gap-3 border-b px-3 py-1.5 text-xs text-danger">
          {errorText(failed.error)}
          <Button size="sm" onClick={() => void failed.refetch()}>
            Try again
          </Button>
        </div>
      )}
      <div
        ref={rows.scroller}
        className="min-h-0 flex-1 overflow-auto overscroll-contain outline-offset-[-2px] outline-accent [overflow-anchor:none] has-[[role=grid]:focus-visible]:outline-2"
      >
        <div style={{ paddingTop: rows.padTop, paddingBottom: rows.padBottom }}>
          <TaskTable
            columns={shown}
            sorting={sorting}
            onSort={onSort}
            mayAct={mayAct}
            rowCount={trail.isExact || trail.isWhole ? known : null}
            currentRowId={
              currentRow !== null && rows.rows.includes(currentRow) ? rowId(currentRow) : undefined
            }
            headerHeight={headerHeight}
          >
            {rows.rows.map((row) => {
              const task = view.rowAt(row);
              if (row >= known && view.isStuck) return <StuckRow key="stuck" onGoOn={view.goOn} />;
              return (
                <TaskRow
                  key={row % rows.poolSize}
                  row={row}
                  id={rowId(row)}
                  task={task}
                  hrefOf={screen.hrefOf}
                  height={rowHeight}
                  columns={shown}
                  mayAct={mayAct}
                  isCurrent={row === currentRow}
                  hasMenu={task !== undefined && task.task_id === screen.menuOf}
                  isSelected={task !== undefined && isSelected(chosen.selection, task.task_id)}
                  actions={screen.actions}
                />
              );
            })}
          </TaskTable>
        </div>
      </div>
    </>
  );
}

function rowId(row: number): string {
  return `task-row-${row}`;
}

function StuckRow({ onGoOn }: { onGoOn: () => void }) {
  return (
    <tr className="border-t">
      <td colSpan={100} className="px-3 py-1 text-sm text-soft">
        No further match so far. This combination is looked for task by task.{" "}
        <Button size="sm" onClick={onGoOn}>
          Look further
        </Button>
      </td>
    </tr>
  );
}

import { Instant } from "../../../ui/instant.tsx";
import { type CellContext, columns, LastError, Span, StateCell } from "./columns.tsx";
import type { TaskRowData } from "./task-row-data.ts";

/** A row where there is no room for columns: the same facts in two lines. */
export function TaskCard({ task, ...context }: { task: TaskRowData } & CellContext) {
  const { waitMs, runMs } =
    task.started_at === null ? { waitMs: true, runMs: false } : { waitMs: false, runMs: true };
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex min-w-0 items-center gap-2">
        <StateCell task={task} />
        <span className="truncate text-sm font-medium">{task.task_type}</span>
        <span className="ml-auto shrink-0">{columns.id.cell(task, context)}</span>
      </div>
      <div className="flex min-w-0 items-center gap-1.5 text-xs text-soft">
        <Instant at={task.created_at} className="shrink-0" />
        <span className="tabular shrink-0">
          {waitMs && task.state === "PENDING" && (
            <>
              · waits <Span task={task} of="waitMs" />
            </>
          )}
          {runMs && (
            <>
              · ran <Span task={task} of="runMs" />
            </>
          )}
        </span>
        {task.last_error !== null && (
          <span className="truncate">
            · <LastError task={task} />
          </span>
        )}
      </div>
    </div>
  );
}

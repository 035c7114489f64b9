import { Instant } from "../../../ui/instant.tsx";
import { type CellContext, columns, LastError, Span, StateCell } from "./columns.tsx";
import type { TaskRowData } from "./task-row-data.ts";

/** A row where there is no room for columns: what matters of the same facts, in two lines. */
export function TaskCard({ task, ...context }: { task: TaskRowData } & CellContext) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex min-w-0 items-center gap-1.5">
        <StateCell task={task} />
        <span className="min-w-0 flex-1 truncate text-sm font-medium">{task.task_type}</span>
        <Instant at={task.created_at} className="tabular shrink-0 text-xs text-soft" />
      </div>
      <div className="flex min-w-0 items-center gap-1.5 text-xs text-soft">
        <span className="shrink-0">{columns.id.cell(task, context)}</span>
        <Times task={task} />
        {task.last_error !== null && (
          <span className="truncate">
            · <LastError task={task} />
          </span>
        )}
      </div>
    </div>
  );
}

function Times({ task }: { task: TaskRowData }) {
  const isRun = task.started_at !== null && (task.state === "ACTIVE" || task.completed_at !== null);
  if (!isRun && task.state !== "PENDING") return null;
  return (
    <span className="tabular shrink-0">
      · {isRun ? (task.state === "ACTIVE" ? "runs" : "ran") : "waits"}{" "}
      <Span task={task} of={isRun ? "runMs" : "waitMs"} />
    </span>
  );
}

import { cn } from "../../../ui/class-names.ts";
import { Instant } from "../../../ui/instant.tsx";
import { type CellContext, columns, LastError, Span, StateCell } from "./columns.tsx";
import type { TaskRowData } from "./task-row-data.ts";

/** A row where there is no room for columns: what matters of the same facts, in two lines. */
export function TaskCard({ task, ...context }: { task: TaskRowData } & CellContext) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex min-w-0 items-center gap-1.5">
        <StateCell task={task} />
        <span className={cn("truncate text-sm font-medium", task.last_error !== null && "shrink-0")}>
          {task.task_type}
        </span>
        {task.last_error !== null && (
          <span className="truncate text-xs text-soft">
            <LastError task={task} />
          </span>
        )}
      </div>
      <div className="flex min-w-0 items-center gap-1.5 text-xs text-soft">
        <span className="shrink-0">{columns.id.cell(task, context)}</span>
        <Times task={task} />
        <Instant at={task.created_at} className="tabular ml-auto shrink-0" />
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

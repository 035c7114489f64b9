import { useQueries } from "@tanstack/react-query";
import type { TaskDetail, WorkerDetail } from "@workstream/core";
import { formatDuration } from "../../lib/format/durations.ts";
import { taskQueries } from "../../lib/queries/task-queries.ts";
import { useNow } from "../../lib/use-now.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { TaskLink } from "../../ui/task-link.tsx";

const shown = 50;

/** What one worker runs now, the longest first. */
export function RunningTasks({ worker }: { worker: WorkerDetail }) {
  const ids = worker.active_task_ids.slice(0, shown);
  const results = useQueries({
    queries: ids.map((id) => ({ ...taskQueries.detail(id), refetchInterval: 5_000, retry: false })),
  });
  const now = useNow();
  const tasks = results
    .flatMap(({ data }) => (data?.state === "ACTIVE" ? [data] : []))
    .sort((a, b) => startOf(a) - startOf(b));
  return (
    <div className="rounded-md bg-raised px-4 py-3">
      <p className="mb-2 flex items-center gap-2 text-xs text-faint">
        <code>{worker.worker_id}</code>
        <CopyButton text={worker.worker_id} label="Copy the worker's id" />
      </p>
      {tasks.length === 0 && <p className="text-sm text-soft">It runs nothing right now.</p>}
      <ul className="hairline-rows">
        {tasks.map((task) => (
          <li key={task.task_id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-1.5 text-sm">
            <TaskLink taskId={task.task_id} />
            <span>{task.task_type}</span>
            <span className="text-faint">attempt {task.retry_count + 1}</span>
            <span className="tabular ml-auto">{formatDuration(now - startOf(task))}</span>
          </li>
        ))}
      </ul>
      {worker.active_task_ids.length > shown && (
        <p className="mt-2 text-xs text-faint">and {worker.active_task_ids.length - shown} more</p>
      )}
    </div>
  );
}

function startOf({ started_at: startedAt, updated_at: updatedAt }: TaskDetail): number {
  return Date.parse(startedAt ?? updatedAt);
}

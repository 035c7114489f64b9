import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ErrorGroup, TaskDetail } from "@workstream/core";
import { taskQueries } from "../../lib/queries/task-queries.ts";
import { useRetryTask } from "../../lib/task-actions.ts";
import { useMayOperate } from "../../lib/use-role.ts";
import { Button } from "../../ui/button.tsx";
import { Instant } from "../../ui/instant.tsx";
import { LoadingRows } from "../../ui/skeleton.tsx";
import { TaskLink } from "../../ui/task-link.tsx";

/** The newest tasks of a cause, to look at or to try one alone. */
export function GroupSamples({ group }: { group: ErrorGroup }) {
  const results = useQueries({ queries: group.sample_task_ids.map((id) => taskQueries.detail(id)) });
  const tasks = results.flatMap(({ data }) => (data ? [data] : []));
  if (tasks.length === 0 && results.some(({ isPending }) => isPending)) return <LoadingRows rows={3} />;
  return (
    <>
      <ul className="hairline-rows mt-2 border-t">
        {tasks.map((task) => (
          <SampleRow key={task.task_id} task={task} />
        ))}
      </ul>
      <Link
        to="/tasks"
        search={{ q: `status:DLQ group:${group.error_group}` }}
        className="mt-1 inline-block text-xs text-accent hover:underline"
      >
        All {group.count} in the list
      </Link>
    </>
  );
}

function SampleRow({ task }: { task: TaskDetail }) {
  const retry = useRetryTask();
  const mayOperate = useMayOperate();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-row text-sm">
      <TaskLink taskId={task.task_id} />
      <span className="min-w-0 flex-1 truncate text-soft">{task.last_error}</span>
      <span className="text-xs text-faint">
        <Instant at={task.completed_at ?? task.updated_at} style="ago" />
      </span>
      {mayOperate && (
        <Button size="sm" disabled={retry.isPending} onClick={() => retry.mutate(task.task_id)}>
          Retry
        </Button>
      )}
    </li>
  );
}

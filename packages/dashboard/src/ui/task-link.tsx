import { Link } from "@tanstack/react-router";
import { shortTaskId } from "../lib/format/task-id.ts";

/** A task by the short form of its id. */
export function TaskLink({ taskId }: { taskId: string }) {
  return (
    <Link
      to="/tasks/$taskId"
      params={{ taskId }}
      title={taskId}
      className="font-mono text-xs text-accent hover:underline"
    >
      {shortTaskId(taskId)}
    </Link>
  );
}

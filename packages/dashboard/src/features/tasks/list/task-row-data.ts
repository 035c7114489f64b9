import type { TaskState, TaskSummary } from "@workstream/core";

/** What a row shows. Histories and metadata are left behind: a list may hold thousands. */
export type TaskRowData = Pick<
  TaskSummary,
  | "task_id"
  | "state"
  | "task_type"
  | "queue"
  | "priority"
  | "retry_count"
  | "max_retries"
  | "last_error"
  | "error_type"
  | "retry_after"
  | "created_at"
  | "updated_at"
  | "started_at"
  | "completed_at"
  | "worker_id"
  | "content_length"
  | "has_result"
> & {
  /** It was in the list when that was begun, and is no longer there at all. */
  isGone: boolean;
};

const longestError = 300;

export function toRowData(task: TaskSummary): TaskRowData {
  const {
    content_length,
    has_result,
    last_error: error,
    metadata: _metadata,
    progress: _progress,
    error_history: _errors,
    state_history: _states,
    ...rest
  } = task;
  return {
    ...rest,
    content_length,
    has_result,
    last_error: error === null ? null : error.slice(0, longestError),
    isGone: false,
  };
}

/** Time spent waiting and running, ms; null where there is none to tell. */
export function spansOf(task: TaskRowData, nowMs: number): { waitMs: number | null; runMs: number | null } {
  const created = Date.parse(task.created_at);
  const started = task.started_at === null ? null : Date.parse(task.started_at);
  const ended = task.completed_at === null ? null : Date.parse(task.completed_at);
  const isPending = task.state === "PENDING";
  return {
    waitMs: started !== null ? started - created : isPending ? Math.max(0, nowMs - created) : null,
    runMs:
      started === null
        ? null
        : ended !== null
          ? Math.max(0, ended - started)
          : task.state === "ACTIVE"
            ? Math.max(0, nowMs - started)
            : null,
  };
}

/** Whether `spansOf` changes with time. */
export function isTicking({ state }: { state: TaskState }): boolean {
  return state === "PENDING" || state === "ACTIVE";
}

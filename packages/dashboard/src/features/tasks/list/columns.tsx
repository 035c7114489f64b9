import type { ReactNode } from "react";
import { formatDuration } from "../../../lib/format/durations.ts";
import { formatBytes } from "../../../lib/format/numbers.ts";
import { shortTaskId } from "../../../lib/format/task-id.ts";
import { useNow } from "../../../lib/use-now.ts";
import { Instant } from "../../../ui/instant.tsx";
import { StateBadge } from "../../../ui/state-badge.tsx";
import type { SortKey } from "./list-request.ts";
import { isTicking, spansOf, type TaskRowData } from "./task-row-data.ts";

export type CellContext = { hrefOf: (taskId: string) => string; isCurrent: boolean };

type Column = {
  label: string;
  widthPx: number;
  isNumber?: boolean;
  /** The order that the gateway has for it. */
  sort?: SortKey;
  cell: (task: TaskRowData, context: CellContext) => ReactNode;
};

const none = <span className="text-faint">–</span>;

export const columns = {
  id: { label: "Task", widthPx: 122, cell: (task, context) => <TaskLink task={task} {...context} /> },
  type: { label: "Type", widthPx: 122, cell: (task) => task.task_type },
  state: { label: "State", widthPx: 118, cell: (task) => <StateCell task={task} /> },
  queue: { label: "Queue", widthPx: 116, cell: (task) => task.queue },
  priority: { label: "Priority", widthPx: 80, cell: (task) => <Priority task={task} /> },
  created: { label: "Created", widthPx: 150, sort: "created", cell: (task) => moment(task.created_at) },
  updated: { label: "Updated", widthPx: 150, sort: "updated", cell: (task) => moment(task.updated_at) },
  started: { label: "Started", widthPx: 150, cell: (task) => moment(task.started_at) },
  completed: {
    label: "Completed",
    widthPx: 150,
    sort: "completed",
    cell: (task) => moment(task.completed_at),
  },
  wait: { label: "Wait", widthPx: 88, isNumber: true, cell: (task) => <Span task={task} of="waitMs" /> },
  run: { label: "Run", widthPx: 82, isNumber: true, cell: (task) => <Span task={task} of="runMs" /> },
  retries: {
    label: "Retries",
    widthPx: 70,
    isNumber: true,
    cell: (task) => (task.retry_count === 0 ? none : `${task.retry_count} of ${task.max_retries}`),
  },
  error: { label: "Last error", widthPx: 180, cell: (task) => <LastError task={task} /> },
  worker: { label: "Worker", widthPx: 170, cell: (task) => task.worker_id ?? none },
  size: {
    label: "Input",
    widthPx: 80,
    isNumber: true,
    cell: (task) => formatBytes(task.content_length),
  },
  result: { label: "Result", widthPx: 70, cell: (task) => (task.has_result ? "yes" : none) },
} as const satisfies Record<string, Column>;

export type ColumnName = keyof typeof columns;
export const columnNames = Object.keys(columns) as ColumnName[];

export function columnOf(name: ColumnName): Column {
  return columns[name];
}

function moment(at: string | null): ReactNode {
  return at === null ? none : <Instant at={at} />;
}

/** A plain link: the row it stands in opens the task without loading the page. */
function TaskLink({ task, hrefOf, isCurrent }: { task: TaskRowData } & CellContext) {
  return (
    <a
      href={hrefOf(task.task_id)}
      tabIndex={isCurrent ? 0 : -1}
      title={task.task_id}
      className="font-mono text-xs hover:text-accent hover:underline"
    >
      {shortTaskId(task.task_id)}
    </a>
  );
}

export function StateCell({ task }: { task: TaskRowData }) {
  return task.isGone ? (
    <span className="text-xs text-faint">deleted</span>
  ) : (
    <StateBadge state={task.state} />
  );
}

function Priority({ task }: { task: TaskRowData }) {
  return task.priority === "normal" ? <span className="text-faint">normal</span> : task.priority;
}

/** Counts on while the task waits or runs. */
export function Span({ task, of }: { task: TaskRowData; of: "waitMs" | "runMs" }) {
  return isTicking(task) ? <TickingSpan task={task} of={of} /> : spanText(spansOf(task, 0)[of]);
}

function TickingSpan({ task, of }: { task: TaskRowData; of: "waitMs" | "runMs" }) {
  return spanText(spansOf(task, useNow(1_000))[of]);
}

function spanText(ms: number | null): ReactNode {
  return ms === null ? none : formatDuration(ms);
}

export function LastError({ task }: { task: TaskRowData }) {
  if (task.last_error === null) return none;
  return (
    <span title={task.last_error}>
      {task.error_type !== null && <span className="text-faint">{task.error_type} · </span>}
      {task.last_error}
    </span>
  );
}

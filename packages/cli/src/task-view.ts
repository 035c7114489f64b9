import type { TaskDetail, TaskState, TaskSummary } from "@workstream/core";
import { columns, cut, styled } from "./output.ts";

const payloadPreview = 240;
const errorPreview = 60;

const stateStyles = {
  PENDING: "yellow",
  ACTIVE: "blue",
  COMPLETED: "green",
  FAILED: "red",
  SCHEDULED: "cyan",
  DLQ: "magenta",
  CANCELLED: "gray",
} as const satisfies Record<TaskState, string>;

export function styledState(state: TaskState): string {
  return styled(stateStyles[state] ?? "reset", state);
}

export function taskTable(tasks: readonly TaskSummary[]): string {
  const head = ["TASK", "STATE", "TYPE", "QUEUE", "CREATED", "RETRIES", "LAST ERROR"];
  const rows = tasks.map((task) => [
    task.task_id,
    styledState(task.state),
    task.task_type,
    task.queue,
    task.created_at,
    `${task.retry_count}/${task.max_retries}`,
    cut(task.last_error ?? "", errorPreview),
  ]);
  return columns([head, ...rows]);
}

/** Every field of a task, one a line. Payloads are cut, with a word on how to see all of them. */
export function taskCard(task: TaskDetail): string {
  const rows = Object.entries(task)
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => [name, shownField(task.task_id, name, value)]);
  return columns(rows);
}

function shownField(id: string, name: string, value: unknown): string {
  const text = fieldText(value);
  if (name !== "content" && name !== "result") return text;
  if (text.length <= payloadPreview) return cut(text, payloadPreview);
  const length = text.length.toLocaleString("en");
  return `${cut(text, payloadPreview)}\n(${length} characters; all of them: workstream task get ${id} --field ${name})`;
}

/** A field as it is printed: text raw, anything else as JSON. */
export function fieldText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

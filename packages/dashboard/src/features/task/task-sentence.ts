/** Where a task stands, in words. */
import type { Explanation, TaskDetail } from "@workstream/core";
import { formatDuration } from "../../lib/format/durations.ts";
import { countOf } from "../../lib/format/numbers.ts";
import { isTerminal } from "../../lib/task-ends.ts";
import { taskStateLook } from "../../lib/task-state-look.ts";

export type TaskSentence = {
  text: string /** When the wait ends, epoch ms; null where that is not known. */;
  untilAt: number | null;
};

/** @param explanation the gateway's own words; they count while they are about the state that is shown */
export function sentenceOf(task: TaskDetail, explanation: Explanation | undefined): TaskSentence {
  if (isTerminal(task.state)) return { text: endOf(task), untilAt: null };
  if (explanation?.state === task.state) {
    return { text: explanation.summary, untilAt: instantOf(explanation.until) };
  }
  const { describes } = taskStateLook[task.state];
  return { text: `It ${describes}.`, untilAt: instantOf(task.retry_after) };
}

function endOf(task: TaskDetail): string {
  const attempts = countOf(task.retry_count + 1, "attempt");
  switch (task.state) {
    case "COMPLETED":
      return `Done in ${took(task)}${task.retry_count > 0 ? `, with ${attempts}` : ""}.`;
    case "DLQ":
      return `Gave up after ${attempts}. Retry it, or delete it.`;
    case "FAILED":
      return `Failed for good after ${attempts}.`;
    default:
      return task.last_error ? `Cancelled: ${task.last_error}` : "Cancelled.";
  }
}

function took({
  started_at: startedAt,
  created_at: createdAt,
  completed_at: completedAt,
}: TaskDetail): string {
  if (completedAt === null) return "an unknown time";
  const end = Date.parse(completedAt);
  const ran = startedAt === null ? null : formatDuration(end - Date.parse(startedAt));
  const total = formatDuration(end - Date.parse(createdAt));
  return ran === null || ran === total ? total : `${ran}, ${total} after it was accepted`;
}

function instantOf(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso);
}

/** What a reader of a task's stream has not been told yet, in the order in which it happened. */
import {
  isTerminal,
  type OutputEntry,
  type StateEntry,
  type Task,
  type TaskEvent,
  toEndEvent,
  toOutputEvent,
  toProgressEvent,
  toStateEvent,
} from "@workstream/core";
import { nameOf, nextState, type TaskCursor } from "./task-cursor.ts";

export type TaskNews = { event: TaskEvent; cursor: TaskCursor };

/** What was read of a task: `outputs` are all stored entries over `cursor.output`, oldest first. */
export type TaskReadings = { task: Task; outputs: readonly OutputEntry[] };

/** @param shownProgress as it was last told, JSON; null when it was not */
export function newsOf(
  { task, outputs }: TaskReadings,
  from: TaskCursor,
  shownProgress: string | null,
): TaskNews[] {
  const seen = nextState(task.stateHistory, from);
  const states = task.stateHistory.slice(seen);
  const steps = inOrder(
    states,
    outputs.filter(({ number }) => number > from.output),
  );
  const hasEnded = isTerminal(task.state);
  const news: TaskNews[] = [];
  let cursor: TaskCursor = { ...from, states: seen, isEnd: false };
  for (const [index, step] of steps.entries()) {
    if (hasEnded && index === steps.length - 1) news.push(...progressNews(task, cursor, shownProgress));
    cursor = cursorAfter(cursor, step);
    news.push({ event: toEvent(task.id, step), cursor });
  }
  if (hasEnded) return [...news, { event: toEndEvent(task), cursor: { ...cursor, isEnd: true } }];
  return [...news, ...progressNews(task, cursor, shownProgress)];
}

type Step = StateEntry | OutputEntry;

function isOutput(step: Step): step is OutputEntry {
  return "number" in step;
}

/** Both in their own order; by time, and at one instant an attempt's output stands within the attempt. */
function inOrder(states: readonly StateEntry[], outputs: readonly OutputEntry[]): Step[] {
  const steps: Step[] = [];
  let next = 0;
  for (const state of states) {
    const isBefore = (output: OutputEntry) =>
      output.at < state.at || (output.at === state.at && state.state !== "ACTIVE");
    while (next < outputs.length && isBefore(outputs[next]!)) steps.push(outputs[next++]!);
    steps.push(state);
  }
  return [...steps, ...outputs.slice(next)];
}

function cursorAfter(cursor: TaskCursor, step: Step): TaskCursor {
  if (isOutput(step)) return { ...cursor, output: step.number };
  return { ...cursor, states: cursor.states + 1, lastState: nameOf(step) };
}

function toEvent(taskId: string, step: Step): TaskEvent {
  return isOutput(step) ? toOutputEvent(step) : toStateEvent(taskId, step);
}

/** Progress has no place of its own in the order: it is told again to whoever comes back. */
function progressNews({ progress, updatedAt }: Task, cursor: TaskCursor, shown: string | null): TaskNews[] {
  if (progress === null || progress === shown) return [];
  return [{ event: toProgressEvent(progress, updatedAt), cursor }];
}

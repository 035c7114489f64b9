import { type QueueEvent, type QueueStatusView, taskStates } from "@workstream/core";
import { columns, styled } from "./output.ts";
import { styledState } from "./task-view.ts";

/** The figures that both the status and its stream carry. */
export type QueueFigures = Pick<QueueStatusView, "queues" | "states" | "retry_ratio">;

/** The figures after an event, or null when it carries none. */
export function figuresAfter(event: QueueEvent, before: QueueFigures | null): QueueFigures | null {
  if (!("queue_depths" in event)) return null;
  const ratio = "retry_ratio" in event ? event.retry_ratio : (before?.retry_ratio ?? 0);
  return { queues: event.queue_depths, states: event.state_counts, retry_ratio: ratio };
}

/** Two small tables: how many wait in each queue, and how many tasks are in each state. */
export function statusTables(
  { queues, states, retry_ratio }: QueueFigures,
  paused: readonly string[] = [],
): string {
  const queueRows = Object.entries(queues).map(([name, depth]) => [
    name,
    amount(depth),
    paused.includes(name) ? "paused" : "",
  ]);
  const stateRows = taskStates.map((state) => [styledState(state), amount(states[state] ?? 0)]);
  const share = `Retries get ${Math.round(retry_ratio * 100)} % of claims.`;
  return [
    columns([["QUEUE", "WAITING", ""], ...queueRows]),
    columns([["STATE", "TASKS"], ...stateRows]),
    share,
  ].join("\n\n");
}

/** The same on one line, for pipes. */
export function statusLine({ queues, states }: QueueFigures): string {
  const counts = [...Object.entries(queues), ...Object.entries(states)];
  return counts.map(([name, count]) => `${name}=${count}`).join(" ");
}

function amount(count: number): string {
  const text = count.toLocaleString("en");
  return count === 0 ? styled("dim", text) : text;
}

import { type Priority, primaryQueue, type TaskState } from "@workstream/core";

/** Where a task of a queue may wait; retry is the list of those that failed before or lost their worker. */
export const lanes = ["high", "normal", "low"] as const satisfies readonly Priority[];
export type Lane = (typeof lanes)[number] | "retry";

/** The place of every state but PENDING, whose tasks stand in lanes. */
export type StatePlace = Exclude<TaskState, "PENDING">;

export function lanePlace(queue: string, lane: Lane): string {
  return `${queue}:${lane}`;
}

/** The queue and the lane that a place names, or null for a place that is a state's. */
export function parseLane(place: string): { queue: string; lane: Lane } | null {
  const colon = place.indexOf(":");
  if (colon < 0) return null;
  return { queue: place.slice(0, colon), lane: place.slice(colon + 1) as Lane };
}

/** `primary` and its retries share one wake list. */
export function wakeKey(queue: string): string {
  return queue === "retry" ? primaryQueue : queue;
}

import { type Lane, primaryQueue, priorities, type TaskState } from "@workstream/core";

/** A queue's lanes beside its retries, from high to low. */
export const lanes = priorities;

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

/** `primary` and its retries share one wake list; the high lane of each queue has one of its own. */
export function wakeKey(queue: string, lane?: "high"): string {
  const whole = queue === "retry" ? primaryQueue : queue;
  return lane ? lanePlace(whole, lane) : whole;
}

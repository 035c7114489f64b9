import type { QueueStatus, TaskState } from "@workstream/core";

/** The share of retries is that of the partition with the most: the lowest. */
export function sumOfStatus(all: readonly QueueStatus[]): QueueStatus {
  const queues: Record<string, number> = {};
  const states = {} as Record<TaskState, number>;
  for (const status of all) {
    for (const [queue, count] of Object.entries(status.queues)) queues[queue] = (queues[queue] ?? 0) + count;
    for (const [state, count] of Object.entries(status.states) as [TaskState, number][]) {
      states[state] = (states[state] ?? 0) + count;
    }
  }
  return { queues, states, retryRatio: Math.min(...all.map(({ retryRatio }) => retryRatio)) };
}

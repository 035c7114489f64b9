import {
  primaryQueue,
  type QueueStatus,
  type RetryRatioSettings,
  retryRatio,
  type TaskState,
} from "@workstream/core";
import { parseLane } from "./places.ts";
import type { QueueTable } from "./queue-table.ts";

/** How many tasks are in each queue and each state: a sum over one count per place, whatever the number of tasks. */
export function readStatus(queues: QueueTable, ratio: RetryRatioSettings): QueueStatus {
  const depths = queues.allDepths();
  const inState = (state: TaskState) => depths.get(state) ?? 0;
  const counts: Record<string, number> = {
    [primaryQueue]: 0,
    retry: 0,
    scheduled: inState("SCHEDULED"),
    dlq: inState("DLQ"),
  };
  for (const name of queues.names()) counts[name] = 0;
  let pending = 0;
  for (const [place, count] of depths) {
    const lane = parseLane(place);
    if (lane === null) continue;
    const isRetry = lane.queue === primaryQueue && lane.lane === "retry";
    const queue = isRetry ? "retry" : lane.queue;
    counts[queue] = (counts[queue] ?? 0) + count;
    pending += count;
  }
  return {
    queues: counts,
    states: {
      PENDING: pending,
      ACTIVE: inState("ACTIVE"),
      COMPLETED: inState("COMPLETED"),
      FAILED: inState("FAILED"),
      SCHEDULED: inState("SCHEDULED"),
      DLQ: inState("DLQ"),
      CANCELLED: inState("CANCELLED"),
    },
    retryRatio: retryRatio(counts.retry ?? 0, ratio),
  };
}

/** What the stream has told, and how one event changes it. Pure: live-feed.ts does the rest. */
import type { QueueEvent, TaskState } from "@workstream/core";

export type LiveStatus = {
  queues: Record<string, number>;
  states: Record<TaskState, number>;
  retryRatio: number;
  /** As the gateway told it, epoch ms on its store's clock. */
  toldAt: number;
};

export type TaskNews = { taskId: string; taskType: string; from: TaskState | null; to: TaskState };
export type ServiceNews = Extract<QueueEvent, { type: "circuit_breaker_changed" | "credits_low" }>;

/** News that has come since the last frame. */
export type LiveBatch = { status: LiveStatus | null; tasks: TaskNews[]; services: ServiceNews[] };

export function newBatch(): LiveBatch {
  return { status: null, tasks: [], services: [] };
}

/** Task news kept in one batch at most: who needs more than that refetches. */
export const maxTaskNews = 500;

/** @param status what was known before the batch */
export function applyEvent(batch: LiveBatch, event: QueueEvent, status: LiveStatus | null): LiveBatch {
  switch (event.type) {
    case "initial_status":
    case "queue_update":
      return { ...batch, status: toStatus(event, event.retry_ratio) };
    case "task_created":
      return withTask(batch, event, status, { from: null, to: "PENDING" });
    case "task_state_changed":
      return withTask(batch, event, status, { from: event.old_state, to: event.new_state });
    case "circuit_breaker_changed":
    case "credits_low":
      return { ...batch, services: [...batch.services, event] };
    default:
      return batch;
  }
}

type Counted = Extract<QueueEvent, { queue_depths: unknown }>;

function toStatus(event: Counted, retryRatio: number): LiveStatus {
  return {
    queues: event.queue_depths,
    states: event.state_counts,
    retryRatio,
    toldAt: Date.parse(event.timestamp),
  };
}

function withTask(
  batch: LiveBatch,
  event: Extract<QueueEvent, { task_id: string }>,
  status: LiveStatus | null,
  step: Pick<TaskNews, "from" | "to">,
): LiveBatch {
  const retryRatio = (batch.status ?? status)?.retryRatio ?? 0;
  const news: TaskNews = { taskId: event.task_id, taskType: event.task_type, ...step };
  if (batch.tasks.length < maxTaskNews) batch.tasks.push(news);
  return { ...batch, status: toStatus(event, retryRatio) };
}

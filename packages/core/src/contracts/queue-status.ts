/** How much waits where. */
import { z } from "zod";
import type { QueueStatus } from "../ports/reading.ts";
import { taskStates } from "../task-state.ts";
import { queryInteger } from "./query-value.ts";

export const queueDepthsSchema = z
  .record(z.string(), z.int())
  .meta({ examples: [{ primary: 12, retry: 1, scheduled: 3, dlq: 0 }] });
export const stateCountsSchema = z.record(z.enum(taskStates), z.int());

export const queueStatusSchema = z.object({
  queues: queueDepthsSchema,
  states: stateCountsSchema,
  retry_ratio: z.number().meta({ description: "Share of claims that retries get now, 0–1" }),
  paused_queues: z.array(z.string()),
});
export type QueueStatusView = z.infer<typeof queueStatusSchema>;

export function toQueueStatus(status: QueueStatus, pausedQueues: readonly string[]): QueueStatusView {
  return {
    queues: status.queues,
    states: status.states,
    retry_ratio: status.retryRatio,
    paused_queues: [...pausedQueues].sort(),
  };
}

export const queueTasksQuerySchema = z.object({ limit: queryInteger(1, 1000).default(10) });
export const deadLettersQuerySchema = z.object({ limit: queryInteger(1, 1000).default(100) });
export const queueTaskIdsSchema = z.array(z.string());

export const pausedQueueSchema = z.object({
  queue: z.string(),
  paused: z.boolean(),
  changed: z.boolean().meta({ description: "False when it was so already" }),
  message: z.string(),
});
export type PausedQueue = z.infer<typeof pausedQueueSchema>;

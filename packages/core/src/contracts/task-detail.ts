/** A task as clients see it. */
import { z } from "zod";
import { errorTypes } from "../retry-policy.ts";
import type { ErrorEntry, StateEntry, Task } from "../task.ts";
import { priorities } from "../task-names.ts";
import { taskStates } from "../task-state.ts";
import { parseProgress } from "./task-event.ts";
import { instantSchema, nullableInstantSchema, toInstant, toInstantOrNull } from "./wire-instant.ts";

const errorTypeSchema = z.enum(errorTypes);

const errorEntrySchema = z.object({
  timestamp: instantSchema,
  error: z.string(),
  error_type: errorTypeSchema,
  retry_count: z.int(),
  state_transition: z.string().meta({ examples: ["ACTIVE → SCHEDULED"] }),
  worker_id: z.string().nullable(),
});

const stateEntrySchema = z.object({ state: z.enum(taskStates), timestamp: instantSchema });

const shape = {
  task_id: z.string(),
  state: z.enum(taskStates),
  task_type: z.string(),
  queue: z.string(),
  priority: z.enum(priorities),
  metadata: z.record(z.string(), z.unknown()),
  retry_count: z.int(),
  max_retries: z.int(),
  last_error: z.string().nullable(),
  error_type: errorTypeSchema.nullable(),
  error_group: z.string().nullable().meta({ description: "Of a dead letter: see GET /queues/dlq/groups" }),
  retry_after: nullableInstantSchema,
  created_at: instantSchema,
  updated_at: instantSchema,
  started_at: nullableInstantSchema,
  completed_at: nullableInstantSchema,
  progress: z.unknown().meta({ description: "As the handler last reported it; null for none" }),
  worker_id: z.string().nullable(),
  error_history: z.array(errorEntrySchema),
  state_history: z.array(stateEntrySchema),
};

export const taskDetailSchema = z.object({
  ...shape,
  content: z.string().nullable().meta({
    description: "The input text, the input as JSON, or the name of the uploaded file",
  }),
  result: z.string().nullable().meta({ description: "The text itself, or JSON" }),
});
export type TaskDetail = z.infer<typeof taskDetailSchema>;

export const taskSummarySchema = z.object({
  ...shape,
  content_length: z.int().meta({ description: "Bytes of the input" }),
  has_result: z.boolean(),
});
export type TaskSummary = z.infer<typeof taskSummarySchema>;

export function toTaskDetail(task: Task): TaskDetail {
  return { ...toShared(task), content: task.content, result: task.result };
}

export function toTaskSummary(task: Task): TaskSummary {
  return { ...toShared(task), content_length: task.contentLength, has_result: task.hasResult };
}

function toShared(task: Task): Omit<TaskDetail, "content" | "result"> {
  return {
    task_id: task.id,
    state: task.state,
    task_type: task.type,
    queue: task.queue,
    priority: task.priority,
    metadata: task.metadata,
    retry_count: task.retryCount,
    max_retries: task.maxRetries,
    last_error: task.lastError,
    error_type: task.errorType,
    error_group: task.errorGroup,
    retry_after: toInstantOrNull(task.retryAfterAt),
    created_at: toInstant(task.createdAt),
    updated_at: toInstant(task.updatedAt),
    started_at: toInstantOrNull(task.startedAt),
    completed_at: toInstantOrNull(task.completedAt),
    progress: parseProgress(task.progress),
    worker_id: task.workerId,
    error_history: task.errorHistory.map(toErrorEntry),
    state_history: task.stateHistory.map(toStateEntry),
  };
}

function toErrorEntry(entry: ErrorEntry): TaskDetail["error_history"][number] {
  return {
    timestamp: toInstant(entry.at),
    error: entry.error,
    error_type: entry.errorType,
    retry_count: entry.retryCount,
    state_transition: entry.stateTransition,
    worker_id: entry.workerId,
  };
}

function toStateEntry(entry: StateEntry): TaskDetail["state_history"][number] {
  return { state: entry.state, timestamp: toInstant(entry.at) };
}

/** Events of one task's stream. */
import { z } from "zod";
import type { OutputEntry } from "../ports/task-outputs.ts";
import { errorTypes } from "../retry-policy.ts";
import type { StateEntry, Task } from "../task.ts";
import { taskStates, terminalStates } from "../task-state.ts";
import { instantSchema, nullableInstantSchema, toInstant, toInstantOrNull } from "./wire-instant.ts";

const outputNumber = z.int().meta({ description: "Grows by 1 within a task, across its attempts" });

export const taskEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("state"),
    task_id: z.string(),
    state: z.enum(taskStates),
    timestamp: instantSchema,
  }),
  z.object({
    type: z.literal("progress"),
    progress: z.unknown().meta({ description: "As the handler last reported it" }),
    timestamp: instantSchema,
  }),
  z.object({ type: z.literal("output"), number: outputNumber, text: z.string(), timestamp: instantSchema }),
  z.object({
    type: z.literal("reset").meta({
      description: "The output begins anew, mostly with an attempt: what came before counts no longer",
    }),
    number: outputNumber,
    text: z.string(),
    timestamp: instantSchema,
  }),
  z.object({
    type: z.literal("end").meta({ description: "The last event: the task has come to rest" }),
    task_id: z.string(),
    state: z.enum(terminalStates),
    last_error: z.string().nullable(),
    error_type: z.enum(errorTypes).nullable(),
    has_result: z.boolean(),
    completed_at: nullableInstantSchema,
    timestamp: instantSchema,
  }),
  z.object({
    type: z.literal("deleted").meta({ description: "The last event of a task that was deleted" }),
    task_id: z.string(),
    timestamp: instantSchema,
  }),
  z.object({ type: z.literal("heartbeat"), timestamp: instantSchema }),
  z.object({ type: z.literal("error"), message: z.string() }),
]);
export type TaskEvent = z.infer<typeof taskEventSchema>;

export function toStateEvent(taskId: string, { state, at }: StateEntry): TaskEvent {
  return { type: "state", task_id: taskId, state, timestamp: toInstant(at) };
}

export function toOutputEvent({ kind, number, text, at }: OutputEntry): TaskEvent {
  return { type: kind, number, text, timestamp: toInstant(at) };
}

/** @param json as the store keeps it */
export function toProgressEvent(json: string, atMs: number): TaskEvent {
  return { type: "progress", progress: parseProgress(json), timestamp: toInstant(atMs) };
}

/** @param task a terminal one */
export function toEndEvent(task: Task): TaskEvent {
  return {
    type: "end",
    task_id: task.id,
    state: task.state as (typeof terminalStates)[number],
    last_error: task.lastError,
    error_type: task.errorType,
    has_result: task.hasResult,
    completed_at: toInstantOrNull(task.completedAt),
    timestamp: toInstant(task.updatedAt),
  };
}

/** Progress as JSON, or as the text that another program left there. */
export function parseProgress(progress: string | null): unknown {
  if (progress === null) return null;
  try {
    return JSON.parse(progress);
  } catch {
    return progress;
  }
}

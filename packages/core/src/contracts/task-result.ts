/** A task's result, waited for. */
import { z } from "zod";
import { errorTypes } from "../retry-policy.ts";
import type { Task } from "../task.ts";
import { taskStates, terminalStates } from "../task-state.ts";
import { nullableInstantSchema, toInstantOrNull } from "./wire-instant.ts";

export const maxWaitSeconds = 60;

export const taskResultQuerySchema = z.object({
  wait_seconds: z.coerce
    .number<string>()
    .min(0)
    .max(maxWaitSeconds)
    .default(0)
    .describe("How long to wait for the task to end"),
});

export const taskResultSchema = z.object({
  task_id: z.string(),
  state: z.enum(terminalStates),
  result: z.string().nullable().meta({ description: "The text itself, or JSON; null unless COMPLETED" }),
  last_error: z.string().nullable(),
  error_type: z.enum(errorTypes).nullable(),
  completed_at: nullableInstantSchema,
});
export type TaskResult = z.infer<typeof taskResultSchema>;

export const pendingResultSchema = z.object({ task_id: z.string(), state: z.enum(taskStates) });
export type PendingResult = z.infer<typeof pendingResultSchema>;

/** @param task a terminal one */
export function toTaskResult(task: Task): TaskResult {
  return {
    task_id: task.id,
    state: task.state as TaskResult["state"],
    result: task.result,
    last_error: task.lastError,
    error_type: task.errorType,
    completed_at: toInstantOrNull(task.completedAt),
  };
}

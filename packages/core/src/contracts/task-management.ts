/** What is done to single tasks. */
import { z } from "zod";
import { taskStates } from "../task-state.ts";
import { queryBooleanSchema } from "./query-value.ts";

/** Unknown fields are ignored. */
export const retryRequestSchema = z
  .object({ reset_retry_count: z.boolean().nullish().describe("Begin again with all retries") })
  .optional();
export type RetryRequest = z.input<typeof retryRequestSchema>;

export const retryQuerySchema = z.object({ reset_retry_count: queryBooleanSchema.optional() });

export const cancelRequestSchema = z
  .strictObject({ reason: z.string().min(1).max(500).nullish().describe("Kept as the task's last_error") })
  .optional();
export type CancelRequest = z.input<typeof cancelRequestSchema>;

export const taskStateAnswerSchema = z.object({ task_id: z.string(), state: z.enum(taskStates) });
export type TaskStateAnswer = z.infer<typeof taskStateAnswerSchema>;

export const deletedTaskSchema = z.object({ task_id: z.string(), message: z.string() });
export type DeletedTask = z.infer<typeof deletedTaskSchema>;

export const requeuedOrphansSchema = z.object({
  found: z.int(),
  requeued: z.int(),
  errors: z.array(z.string()),
  message: z.string(),
});
export type RequeuedOrphans = z.infer<typeof requeuedOrphansSchema>;

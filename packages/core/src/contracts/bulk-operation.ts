/** What is done to many tasks at once, in chunks, while it is told how far it got. */
import { z } from "zod";
import type { OperationRecord } from "../ports/operations.ts";
import { queryInteger } from "./query-value.ts";
import { taskFilterShape } from "./task-list.ts";
import { instantSchema, nullableInstantSchema, toInstant, toInstantOrNull } from "./wire-instant.ts";

export const bulkActions = ["retry", "cancel", "delete"] as const;
export type BulkAction = (typeof bulkActions)[number];

export const maxBulkIds = 1_000;

/** Names as in the query of a list; an empty filter is every task. */
export const bulkFilterSchema = z.strictObject({
  ...taskFilterShape,
  task_ids: z.array(z.string().max(200)).min(1).max(maxBulkIds).optional().describe("These tasks alone"),
});
export type BulkFilter = z.input<typeof bulkFilterSchema>;

const resetRetryCount = z.boolean().default(false).describe("With retry: begin again with all retries");

export const bulkRequestSchema = z.strictObject({
  action: z.enum(bulkActions),
  filter: bulkFilterSchema,
  dry_run: z.boolean().default(false).describe("Only count"),
  reset_retry_count: resetRetryCount,
});
export type BulkRequest = z.input<typeof bulkRequestSchema>;

/** Unlike elsewhere the body may be absent: then all dead letters. */
export const deadLetterBulkSchema = z
  .strictObject({
    filter: bulkFilterSchema.omit({ status: true, queue: true }).default({}),
    limit: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .optional()
      .describe("At most so many, the newest first: a sample"),
    reset_retry_count: resetRetryCount,
  })
  .optional();
export type DeadLetterBulk = z.input<typeof deadLetterBulkSchema>;

export const bulkCountSchema = z.object({
  action: z.enum(bulkActions),
  matched: z.int().meta({ description: "Tasks that match and whose state allows the action" }),
  matched_is_estimate: z
    .boolean()
    .meta({ description: "A lower bound: a combination walks a bounded number" }),
});
export type BulkCount = z.infer<typeof bulkCountSchema>;

export const startedOperationSchema = z.object({ operation_id: z.string() });
export type StartedOperation = z.infer<typeof startedOperationSchema>;

export const operationStates = ["running", "completed", "cancelled", "failed"] as const;
export type OperationState = (typeof operationStates)[number];

export const operationSchema = z.object({
  id: z.string(),
  action: z.enum(bulkActions),
  filter: z.record(z.string(), z.unknown()).meta({ description: "As it was asked for" }),
  total: z.int().meta({ description: "Tasks to look at, as far as they were known at the start" }),
  total_is_estimate: z.boolean(),
  done: z.int(),
  skipped: z.int().meta({ description: "Changed meanwhile, so that the action no longer applied" }),
  failed: z.int(),
  state: z.enum(operationStates),
  error: z.string().nullable(),
  started_at: instantSchema,
  updated_at: instantSchema,
  finished_at: nullableInstantSchema,
});
export type Operation = z.infer<typeof operationSchema>;

export const operationsQuerySchema = z.object({ limit: queryInteger(1, 100).default(20) });
export const operationsSchema = z.object({
  operations: z.array(operationSchema).meta({ description: "Newest first" }),
});
export type Operations = z.infer<typeof operationsSchema>;

export function toOperation(record: OperationRecord): Operation {
  return {
    id: record.id,
    action: record.request.action,
    filter: record.request.asked,
    total: record.total,
    total_is_estimate: record.isTotalEstimate,
    done: record.done,
    skipped: record.skipped,
    failed: record.failed,
    state: record.state,
    error: record.error,
    started_at: toInstant(record.startedAt),
    updated_at: toInstant(record.updatedAt),
    finished_at: toInstantOrNull(record.finishedAt),
  };
}

/** Creating tasks. */
import { z } from "zod";
import { maxBatchSize } from "../ports/enqueue.ts";
import { taskStates } from "../task-state.ts";
import { hasOneStart, oneStart, taskOptionsQueryShape, taskOptionsShape } from "./task-options.ts";

export const summarizeRequestSchema = z
  .object({
    content: z
      .string()
      .refine((text) => text.trim() !== "", { error: "It must hold some text." })
      .meta({ minLength: 1, description: "The text to summarize", examples: ["Bees pollinate flowers. …"] }),
    ...taskOptionsShape,
  })
  .refine(hasOneStart, oneStart);
export type SummarizeRequest = z.input<typeof summarizeRequestSchema>;

const inputSchema = z.unknown().meta({ description: "Validated by the task type's own input_schema" });

export const typedTaskRequestSchema = z
  .strictObject({ input: inputSchema, ...taskOptionsShape })
  .refine(hasOneStart, oneStart);
export type TypedTaskRequest = z.input<typeof typedTaskRequestSchema>;

export const batchItemSchema = z
  .strictObject({ type: z.string(), input: inputSchema, ...taskOptionsShape })
  .refine(hasOneStart, oneStart);

export const batchRequestSchema = z.strictObject({
  tasks: z.array(batchItemSchema).min(1).max(maxBatchSize),
});
export type BatchRequest = z.input<typeof batchRequestSchema>;

/** Query parameters of an upload; unknown ones are ignored. */
export const uploadQuerySchema = z.object(taskOptionsQueryShape).refine(hasOneStart, oneStart);

/** Form fields of an upload, beside its file. */
export const uploadFieldsSchema = z
  .strictObject({
    issue_date: z.iso.date().optional().meta({ description: "When the document was issued, ISO date" }),
    ...taskOptionsQueryShape,
  })
  .refine(hasOneStart, oneStart);

export const createdTaskSchema = z.object({
  task_id: z.string(),
  state: z.enum(taskStates).meta({
    description: "PENDING, or SCHEDULED with a delay; for a repeated idempotency key, the state it is in now",
  }),
});
export type CreatedTask = z.infer<typeof createdTaskSchema>;

export const createdBatchSchema = z.object({
  task_ids: z.array(z.string()).meta({ description: "In the order of the request" }),
});
export type CreatedBatch = z.infer<typeof createdBatchSchema>;

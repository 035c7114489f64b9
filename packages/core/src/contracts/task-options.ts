/** What a caller may say about a task beside its input. */
import { z } from "zod";
import { isQueueName, priorities, reservedQueueNames } from "../task-names.ts";
import { queryObjectSchema } from "./query-value.ts";
import { instantInputSchema } from "./wire-instant.ts";

export const maxMetadataBytes = 16 * 1024;
export const maxIdempotencyKeyLength = 255;
const daySeconds = 86_400;
const yearSeconds = 365 * daySeconds;

export const queueNameSchema = z
  .string()
  .refine(isQueueName, {
    error: `It must be 1 to 64 of a–z, 0–9 and "-", and none of ${reservedQueueNames.join(", ")}.`,
  })
  .meta({ pattern: "^[a-z0-9-]{1,64}$", examples: ["primary"] });

export const idempotencyKeySchema = z.string().min(1).max(maxIdempotencyKeyLength);

function isSmall(metadata: Record<string, unknown>): boolean {
  return new TextEncoder().encode(JSON.stringify(metadata)).length <= maxMetadataBytes;
}
const smallEnough = { error: `It must be at most ${maxMetadataBytes} bytes of JSON.` };

const description = {
  queue: "The queue it waits in; absent: the queue of its type. A name not used before makes a new queue.",
  delay_seconds: "Seconds before it may run, 0 to a year; not together with run_at",
  run_at: "When it may run; in the past: now",
  max_retries: "Retries after the first attempt, 0–100",
  timeout_seconds: "Run time of one attempt, up to a day",
  idempotency_key: "The same key with the same body answers with the task that it made, for 24 hours",
  metadata: "Anything of yours, kept with the task",
  expires_in_seconds: "It is cancelled if it has not started this long after it was first due",
};

/** Fields of a JSON body. `null` counts as absent. */
export const taskOptionsShape = {
  queue: queueNameSchema.nullish().describe(description.queue),
  priority: z.enum(priorities).nullish(),
  delay_seconds: z.number().min(0).max(yearSeconds).nullish().describe(description.delay_seconds),
  run_at: instantInputSchema.nullish().describe(description.run_at),
  max_retries: z.int().min(0).max(100).nullish().describe(description.max_retries),
  timeout_seconds: z.number().positive().max(daySeconds).nullish().describe(description.timeout_seconds),
  idempotency_key: idempotencyKeySchema.nullish().describe(description.idempotency_key),
  metadata: z
    .record(z.string(), z.unknown())
    .refine(isSmall, smallEnough)
    .nullish()
    .describe(description.metadata),
  expires_in_seconds: z
    .number()
    .positive()
    .max(yearSeconds)
    .nullish()
    .describe(description.expires_in_seconds),
};

const asNumber = () => z.coerce.number<string>();

/** The same as query parameters or form fields. */
export const taskOptionsQueryShape = {
  queue: queueNameSchema.optional().describe(description.queue),
  priority: z.enum(priorities).optional(),
  delay_seconds: asNumber().min(0).max(yearSeconds).optional().describe(description.delay_seconds),
  run_at: instantInputSchema.optional().describe(description.run_at),
  max_retries: asNumber().int().min(0).max(100).optional().describe(description.max_retries),
  timeout_seconds: asNumber().positive().max(daySeconds).optional().describe(description.timeout_seconds),
  idempotency_key: idempotencyKeySchema.optional().describe(description.idempotency_key),
  metadata: queryObjectSchema
    .refine(isSmall, smallEnough)
    .optional()
    .describe(`${description.metadata}; a JSON object`),
  expires_in_seconds: asNumber()
    .positive()
    .max(yearSeconds)
    .optional()
    .describe(description.expires_in_seconds),
};

const options = z.object(taskOptionsShape);
/** Options as validated: `run_at` is epoch ms. */
export type TaskOptions = z.output<typeof options>;

/** The two ways to say when exclude each other; for `.refine(…)` of every schema that has the options. */
export function hasOneStart(options: Pick<TaskOptions, "delay_seconds" | "run_at">): boolean {
  return options.delay_seconds == null || options.run_at == null;
}
export const oneStart = { error: "Give delay_seconds or run_at, not both.", path: ["run_at"] };

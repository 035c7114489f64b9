/** Dead letters by cause: those whose type, error type and message, less its numbers and names, are the same. */
import { z } from "zod";
import type { DeadLetterGroup, DeadLetterGroups } from "../ports/reading.ts";
import { errorTypes } from "../retry-policy.ts";
import { queryInteger } from "./query-value.ts";
import { instantSchema, toInstant } from "./wire-instant.ts";

export const errorGroupsQuerySchema = z.object({ limit: queryInteger(1, 200).default(50) });

export const errorGroupSchema = z.object({
  error_group: z.string().meta({ description: "The fingerprint of the cause; stable" }),
  task_type: z.string(),
  error_type: z.enum(errorTypes),
  message: z.string().meta({ description: "The message of the newest one" }),
  count: z.int(),
  first_seen_at: instantSchema.meta({ description: "Of those that are dead now" }),
  last_seen_at: instantSchema,
  sample_task_ids: z.array(z.string()).meta({ description: "The newest, at most 5" }),
});
export type ErrorGroup = z.infer<typeof errorGroupSchema>;

export const errorGroupsSchema = z.object({
  groups: z.array(errorGroupSchema).meta({ description: "The one that grew last comes first" }),
  total_groups: z.int(),
  total_dead_letters: z.int(),
  timestamp: instantSchema,
});
export type ErrorGroups = z.infer<typeof errorGroupsSchema>;

export function toErrorGroups(found: DeadLetterGroups, nowMs: number): ErrorGroups {
  return {
    groups: found.groups.map(toErrorGroup),
    total_groups: found.totalGroups,
    total_dead_letters: found.totalDeadLetters,
    timestamp: toInstant(nowMs),
  };
}

function toErrorGroup(found: DeadLetterGroup): ErrorGroup {
  return {
    error_group: found.group,
    task_type: found.type,
    error_type: found.errorType,
    message: found.message,
    count: found.count,
    first_seen_at: toInstant(found.firstAt),
    last_seen_at: toInstant(found.lastAt),
    sample_task_ids: found.taskIds,
  };
}

/** Why a task is not running, or what it waits for. */
import { z } from "zod";
import { taskStates } from "../task-state.ts";
import { nullableInstantSchema } from "./wire-instant.ts";

export const explanationReasons = [
  "running",
  "ended",
  "in_line",
  "queue_paused",
  "no_worker",
  "delayed",
  "backing_off",
  "parked",
  "snoozed",
] as const;
export type ExplanationReason = (typeof explanationReasons)[number];

export const explanationSchema = z.object({
  task_id: z.string(),
  state: z.enum(taskStates),
  reason: z.enum(explanationReasons),
  summary: z.string().meta({ description: "A sentence for people" }),
  until: nullableInstantSchema.meta({ description: "When the wait ends, where that is known" }),
  queue: z.string(),
  position: z.int().nullable().meta({
    description:
      "Tasks before it in its lane, where it stands among the first 1,000; null when that is not known",
  }),
  service: z.string().nullable().meta({ description: "The service that it is parked for" }),
  workers: z.int().meta({ description: "Live workers that serve its queue" }),
});
export type Explanation = z.infer<typeof explanationSchema>;

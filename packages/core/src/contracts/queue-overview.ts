/** Every queue, with what waits in it and for how long. */
import { z } from "zod";
import { instantSchema, nullableInstantSchema } from "./wire-instant.ts";

const oldest = {
  oldest_waiting_at: nullableInstantSchema.meta({
    description: "Since when the one at the head waits; null: none does",
  }),
  oldest_waiting_seconds: z.number().nullable(),
};

export const queueOverviewSchema = z.object({
  queue: z.string().meta({ description: "A queue's name, or retry for the retries of primary" }),
  waiting: z.int(),
  lanes: z.object({ high: z.int(), normal: z.int(), low: z.int(), retry: z.int() }),
  ...oldest,
  paused: z.boolean(),
  workers: z.int().meta({ description: "Live workers that serve it" }),
});
export type QueueOverview = z.infer<typeof queueOverviewSchema>;

export const queueOverviewsSchema = z.object({
  queues: z.array(queueOverviewSchema).meta({ description: "primary, retry, then the others by name" }),
  scheduled: z.object({ waiting: z.int(), next_due_at: nullableInstantSchema }),
  dead_letters: z.object({
    waiting: z.int(),
    oldest_at: nullableInstantSchema,
    newest_at: nullableInstantSchema,
  }),
  timestamp: instantSchema,
});
export type QueueOverviews = z.infer<typeof queueOverviewsSchema>;

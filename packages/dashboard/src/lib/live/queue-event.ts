/** Events of the gateway's stream, checked where they come in: nothing behind this trusts the network. */
import type { QueueEvent } from "@workstream/core";
import { z } from "zod/mini";

const state = z.enum(["PENDING", "ACTIVE", "COMPLETED", "FAILED", "SCHEDULED", "DLQ", "CANCELLED"]);
const breaker = z.enum(["closed", "open", "half-open"]);
const counts = {
  queue_depths: z.record(z.string(), z.number()),
  state_counts: z.record(state, z.number()),
  timestamp: z.string(),
};
const task = { task_id: z.string(), task_type: z.string() };

const schema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("initial_status"), ...counts, retry_ratio: z.number() }),
  z.object({ type: z.literal("queue_update"), ...counts, retry_ratio: z.number() }),
  z.object({ type: z.literal("task_created"), ...task, ...counts }),
  z.object({ type: z.literal("task_state_changed"), ...task, old_state: state, new_state: state, ...counts }),
  z.object({
    type: z.literal("circuit_breaker_changed"),
    service: z.string(),
    old_state: breaker,
    new_state: breaker,
    retry_at: z.nullable(z.string()),
    timestamp: z.string(),
  }),
  z.object({
    type: z.literal("credits_low"),
    service: z.string(),
    level: z.enum(["warning", "critical"]),
    balance: z.number(),
    timestamp: z.string(),
  }),
  z.object({ type: z.literal("heartbeat"), timestamp: z.string() }),
  z.object({ type: z.literal("error"), message: z.string() }),
]);

/** Null for an event that this page does not know, which a newer gateway may send. */
export function parseQueueEvent(value: unknown): QueueEvent | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

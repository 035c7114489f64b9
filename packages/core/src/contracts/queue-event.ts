/** Events of the queue stream. */
import { z } from "zod";
import type { TaskChange } from "../ports/events.ts";
import type { ServiceEvent } from "../ports/guards.ts";
import type { QueueStatus } from "../ports/reading.ts";
import { taskStates } from "../task-state.ts";
import { breakerStates, toBreakerWord } from "./circuit-breaker.ts";
import { queueDepthsSchema, stateCountsSchema } from "./queue-status.ts";
import { instantSchema, nullableInstantSchema, toInstant, toInstantOrNull } from "./wire-instant.ts";

const counts = { queue_depths: queueDepthsSchema, state_counts: stateCountsSchema, timestamp: instantSchema };
const retryRatio = { retry_ratio: z.number() };
const task = { task_id: z.string(), task_type: z.string() };

export const queueEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("initial_status"), ...counts, ...retryRatio }),
  z.object({ type: z.literal("queue_update"), ...counts, ...retryRatio }),
  z.object({ type: z.literal("task_created"), ...task, ...counts }),
  z.object({
    type: z.literal("task_state_changed"),
    ...task,
    old_state: z.enum(taskStates),
    new_state: z.enum(taskStates),
    ...counts,
  }),
  z.object({
    type: z.literal("circuit_breaker_changed"),
    service: z.string(),
    old_state: z.enum(breakerStates),
    new_state: z.enum(breakerStates),
    retry_at: nullableInstantSchema,
    timestamp: instantSchema,
  }),
  z.object({
    type: z.literal("credits_low"),
    service: z.string(),
    level: z.enum(["warning", "critical"]),
    balance: z.number(),
    timestamp: instantSchema,
  }),
  z.object({ type: z.literal("heartbeat"), timestamp: instantSchema }),
  z.object({ type: z.literal("error"), message: z.string() }),
]);
export type QueueEvent = z.infer<typeof queueEventSchema>;

export function toStatusEvent(
  type: "initial_status" | "queue_update",
  status: QueueStatus,
  atMs: number,
): QueueEvent {
  return { type, ...toCounts(status, atMs), retry_ratio: status.retryRatio };
}

/** Null for a deletion, which shows in the counts alone. */
export function toTaskEvent(change: TaskChange, status: QueueStatus): QueueEvent | null {
  const { oldState, newState } = change;
  if (newState === null) return null;
  const shared = { task_id: change.id, task_type: change.type, ...toCounts(status, change.at) };
  if (oldState === null) return { type: "task_created", ...shared };
  return { type: "task_state_changed", old_state: oldState, new_state: newState, ...shared };
}

/** Null for what the stream does not tell: holds and limits stand in GET /api/v1/services. */
export function toServiceEvent(event: ServiceEvent): QueueEvent | null {
  const { service, type } = event;
  if (type === "credits_low") {
    const { level, balance } = event;
    return { type, service, level, balance, timestamp: toInstant(event.at) };
  }
  if (type !== "circuit_breaker_changed") return null;
  return {
    type,
    service,
    old_state: toBreakerWord(event.oldState),
    new_state: toBreakerWord(event.newState),
    retry_at: toInstantOrNull(event.retryAt),
    timestamp: toInstant(event.at),
  };
}

export function toHeartbeat(atMs: number): Extract<QueueEvent, { type: "heartbeat" }> {
  return { type: "heartbeat", timestamp: toInstant(atMs) };
}

function toCounts(status: QueueStatus, atMs: number) {
  return { queue_depths: status.queues, state_counts: status.states, timestamp: toInstant(atMs) };
}

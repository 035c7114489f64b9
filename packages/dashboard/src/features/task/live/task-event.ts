/** Events of one task's stream, checked where they come in. */
import type { TaskState } from "@workstream/core";
import { z } from "zod/mini";

const state = z.enum(["PENDING", "ACTIVE", "COMPLETED", "FAILED", "SCHEDULED", "DLQ", "CANCELLED"]);

const schema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("state"), state, timestamp: z.string() }),
  z.object({ type: z.literal("progress"), progress: z.unknown() }),
  z.object({ type: z.literal("output"), text: z.string() }),
  z.object({ type: z.literal("reset"), text: z.string() }),
  z.object({ type: z.literal("end"), state }),
  z.object({ type: z.literal("deleted"), timestamp: z.string() }),
]);

export type LiveTaskEvent =
  | { type: "state"; state: TaskState; timestamp: string }
  | { type: "progress"; progress?: unknown }
  | { type: "output" | "reset"; text: string }
  | { type: "end"; state: TaskState }
  | { type: "deleted"; timestamp: string };

/** Null for what a page has no use for: heartbeats, and events of a newer gateway. */
export function parseTaskEvent(value: unknown): LiveTaskEvent | null {
  return schema.safeParse(value).data ?? null;
}

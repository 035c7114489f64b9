/** Breakers on the wire, and what operators do to them. */
import { z } from "zod";
import type { BreakerState } from "../ports/guards.ts";
import { instantSchema, nullableInstantSchema, toInstant, toInstantOrNull } from "./wire-instant.ts";

export const breakerStates = ["closed", "open", "half-open"] as const;
export type BreakerWord = (typeof breakerStates)[number];

const words: Record<BreakerState["state"], BreakerWord> = {
  CLOSED: "closed",
  OPEN: "open",
  HALF_OPEN: "half-open",
};

export function toBreakerWord(state: BreakerState["state"]): BreakerWord {
  return words[state];
}

export const circuitBreakerSchema = z.object({
  state: z.enum(breakerStates),
  fail_count: z.int(),
  success_count: z.int(),
  opened_at: nullableInstantSchema,
  retry_at: nullableInstantSchema.meta({
    description: "When an open one lets a few calls try; null while open: not before it is reset",
  }),
});
export type CircuitBreaker = z.infer<typeof circuitBreakerSchema>;

/** Of a service that nobody has called yet. */
export const closedBreaker: CircuitBreaker = {
  state: "closed",
  fail_count: 0,
  success_count: 0,
  opened_at: null,
  retry_at: null,
};

export function toCircuitBreaker(breaker: BreakerState): CircuitBreaker {
  return {
    state: words[breaker.state],
    fail_count: breaker.failures,
    success_count: breaker.successes,
    opened_at: breaker.state === "CLOSED" ? null : toInstant(breaker.openedAt),
    retry_at: breaker.state === "OPEN" ? toInstantOrNull(breaker.retryAt) : null,
  };
}

export const serviceQuerySchema = z.object({
  service: z.string().optional().describe("This service alone; without it every one"),
});

const breakerResultSchema = z.object({
  service: z.string(),
  status: z.enum(["success", "error"]),
  new_state: circuitBreakerSchema.nullable().meta({ description: "Null on an error" }),
  error: z.string().nullable(),
});
export type BreakerResult = z.infer<typeof breakerResultSchema>;

const shared = { message: z.string(), results: z.array(breakerResultSchema), timestamp: instantSchema };

export const resetBreakersSchema = z.object({ ...shared, successful_resets: z.int() });
export type ResetBreakers = z.infer<typeof resetBreakersSchema>;

export const openedBreakersSchema = z.object({ ...shared, successful_opens: z.int() });
export type OpenedBreakers = z.infer<typeof openedBreakersSchema>;

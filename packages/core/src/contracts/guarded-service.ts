/** Guarded services on the wire: breaker, limiter, and what is known of the service itself. */
import { z } from "zod";
import type { ServiceWord } from "../guards/service-status.ts";
import { keptBackOf } from "../guards/virtual-clock.ts";
import type { ServiceInfo } from "../ports/catalog.ts";
import type { LimiterView, RateLimit, ServiceGuardView } from "../ports/guards.ts";
import type { CreditsPoint, ServiceState } from "../ports/service-records.ts";
import { circuitBreakerSchema, closedBreaker, toCircuitBreaker } from "./circuit-breaker.ts";
import { instantSchema, nullableInstantSchema, toInstant, toInstantOrNull } from "./wire-instant.ts";

const limitSchema = z.object({ requests: z.number(), interval_seconds: z.number() });

/** So that 218 of 230 at rest need no riddle. */
export const keptBackSchema = z.number().meta({
  description:
    "Of the requests, never given at once: kept for calls that arrive late, so that the service never sees more than the limit",
});

export const limiterSchema = limitSchema.extend({
  configured: limitSchema.meta({
    description:
      "What an operator or the configuration set; the limit is lower while the service itself named a lower one",
  }),
  tokens: z.number().meta({
    description: "Left now, at rest requests less kept_back; negative when turns are reserved ahead",
  }),
  kept_back: keptBackSchema,
  wait_seconds: z.number().meta({ description: "How long a call asked for now would wait" }),
  held_until: nullableInstantSchema.meta({ description: "Nobody calls before; null when nothing holds" }),
});
export type LimiterOnWire = z.infer<typeof limiterSchema>;

export const guardedServiceSchema = circuitBreakerSchema.extend({
  service: z.string(),
  limiter: limiterSchema.nullable().meta({ description: "Null for a service without a limit" }),
});
export type GuardedServiceView = z.infer<typeof guardedServiceSchema>;

/**
 * `info` null: this program doesn't know the service. `view` null: nobody has used it yet. Where the store has no limit
 * yet, the first call puts the configured one in force.
 */
export function toGuardedService(
  service: string,
  { info, view }: { info: ServiceInfo | null; view: ServiceGuardView | null },
): GuardedServiceView {
  const breaker = view === null ? closedBreaker : toCircuitBreaker(view.breaker);
  return { service, ...breaker, limiter: toLimiter(view?.limiter ?? unusedLimiter(info)) };
}

function unusedLimiter(info: ServiceInfo | null): LimiterView | null {
  const limit = info?.policy.limit ?? null;
  if (limit === null) return null;
  const tokens = limit.requests - keptBackOf(limit);
  return { limit, configured: limit, tokens, holdUntil: null, waitMs: 0 };
}

function toLimiter(limiter: LimiterView | null): LimiterOnWire | null {
  if (limiter === null) return null;
  return {
    ...toLimit(limiter.limit),
    configured: toLimit(limiter.configured),
    tokens: rounded(limiter.tokens),
    kept_back: rounded(keptBackOf(limiter.limit)),
    wait_seconds: Math.round(limiter.waitMs) / 1000,
    held_until: toInstantOrNull(limiter.holdUntil),
  };
}

function toLimit({ requests, intervalMs }: RateLimit): z.infer<typeof limitSchema> {
  return { requests, interval_seconds: intervalMs / 1000 };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

export const servicesSchema = z.object({ services: z.array(guardedServiceSchema), timestamp: instantSchema });
export type Services = z.infer<typeof servicesSchema>;

export const creditsPointSchema = z.object({
  timestamp: instantSchema,
  balance: z.number(),
  usage: z.number(),
});

export function toCreditsPoint({ at, balance, usage }: CreditsPoint): z.infer<typeof creditsPointSchema> {
  return { timestamp: toInstant(at), balance, usage };
}

export const serviceDetailSchema = guardedServiceSchema.extend({
  status: z.string().nullable().meta({ description: "One word, such as active; null when nothing is known" }),
  message: z.string().nullable(),
  balance: z.number().nullable(),
  usage_today: z.number().nullable(),
  usage_month: z.number().nullable(),
  last_check: nullableInstantSchema.meta({ description: "The last call or check that told the status" }),
  error_details: z.string().nullable(),
  consecutive_failures: z.int(),
  credits_history: z
    .array(creditsPointSchema)
    .meta({ description: "At most one an hour, of the last 30 days" }),
});
export type ServiceDetail = z.infer<typeof serviceDetailSchema>;

type KnownService = {
  known: ServiceState | null;
  /** What `statusOf` says of it. */
  said: ServiceWord | null;
  history: readonly CreditsPoint[];
};

export function toServiceDetail(
  guarded: GuardedServiceView,
  { known, said, history }: KnownService,
): ServiceDetail {
  return {
    ...guarded,
    status: said?.state ?? null,
    message: said?.message ?? null,
    balance: known?.balance ?? null,
    usage_today: known?.usageToday ?? null,
    usage_month: known?.usageMonth ?? null,
    last_check: toInstantOrNull(known?.lastCheckAt ?? null),
    error_details: known?.errorDetails ?? null,
    consecutive_failures: known?.consecutiveFailures ?? 0,
    credits_history: history.map(toCreditsPoint),
  };
}

const maxIntervalSeconds = 86_400;

export const rateLimitRequestSchema = z.strictObject({
  requests: z.int().min(1).max(1_000_000_000).describe("Calls per interval, of all workers together"),
  interval_seconds: z.number().min(0.001).max(maxIntervalSeconds),
});
export type RateLimitRequest = z.input<typeof rateLimitRequestSchema>;

export function toRateLimit({ requests, interval_seconds }: RateLimitRequest): RateLimit {
  return { requests, intervalMs: Math.max(1, Math.round(interval_seconds * 1000)) };
}

/** The OpenRouter service on the wire. */
import { z } from "zod";
import { type ServiceWord, statusOf } from "../guards/service-status.ts";
import { keptBackOf } from "../guards/virtual-clock.ts";
import type { ServiceInfo } from "../ports/catalog.ts";
import type { ServiceGuardView } from "../ports/guards.ts";
import type { CreditsPoint, CreditThresholds, ServiceDay, ServiceState } from "../ports/service-records.ts";
import { creditsPointSchema, keptBackSchema, toCreditsPoint } from "./guarded-service.ts";
import { queryBooleanSchema, queryInteger } from "./query-value.ts";
import { instantSchema, nullableInstantSchema, toInstant, toInstantOrNull } from "./wire-instant.ts";

/** The service that summaries and PDF pages are made with. */
export const openRouterName = "openrouter";

export const openRouterStatuses = [
  "active",
  "api_key_missing",
  "api_key_invalid",
  "credits_exhausted",
  "rate_limited",
  "service_unavailable",
  "error",
] as const;
export type OpenRouterStatus = (typeof openRouterStatuses)[number];

export const openRouterStatusQuerySchema = z.object({
  force_refresh: queryBooleanSchema.default(false).describe("Ask the provider anew, at most once in 5 s"),
});

export const openRouterStatusSchema = z.object({
  status: z.enum(openRouterStatuses),
  message: z.string(),
  balance: z
    .number()
    .nullable()
    .meta({ description: "What the key may still spend; null: no limit is known" }),
  usage_today: z.number().nullable(),
  usage_month: z.number().nullable(),
  last_check: nullableInstantSchema,
  error_details: z.string().nullable(),
  consecutive_failures: z.int(),
  circuit_breaker_open: z.boolean(),
  cache_hit: z.boolean().meta({ description: "False: the provider was asked for this answer" }),
  rate_limit: z
    .object({
      capacity: z.number(),
      tokens: z.number().meta({ description: "Left now, at rest capacity less kept_back" }),
      kept_back: keptBackSchema,
      refill_rate: z.number().meta({ description: "Tokens a second" }),
    })
    .nullable(),
});
export type OpenRouterStatusView = z.infer<typeof openRouterStatusSchema>;

type KnownStatus = {
  /** Null: nothing is known. */
  known: ServiceState | null;
  isCached: boolean;
  view: ServiceGuardView | null;
  info: ServiceInfo | null;
  /** The store's time. */
  nowMs: number;
};

export function toOpenRouterStatus({
  known,
  isCached,
  view,
  info,
  nowMs,
}: KnownStatus): OpenRouterStatusView {
  const { status, message } = wordOf(statusOf(known, view, nowMs), info);
  return {
    status,
    message,
    balance: known?.balance ?? null,
    usage_today: known?.usageToday ?? null,
    usage_month: known?.usageMonth ?? null,
    last_check: toInstantOrNull(known?.lastCheckAt ?? null),
    error_details: known?.errorDetails ?? null,
    consecutive_failures: known?.consecutiveFailures ?? 0,
    circuit_breaker_open: view?.breaker.state === "OPEN",
    cache_hit: isCached,
    rate_limit: toBucket(view, info),
  };
}

function wordOf(
  said: ServiceWord | null,
  info: ServiceInfo | null,
): { status: OpenRouterStatus; message: string } {
  if (said !== null) return { status: knownStatus(said.state), message: said.message };
  if (info?.check == null)
    return {
      status: "api_key_missing",
      message:
        "This gateway has no key for OpenRouter, and no worker called it in the last minute. Where OPENROUTER_API_KEY is not set, tasks run without a model.",
    };
  return { status: "error", message: "OpenRouter could not be asked yet." };
}

function knownStatus(word: string): OpenRouterStatus {
  return openRouterStatuses.find((status) => status === word) ?? "error";
}

/** Where the store has no limit yet, the first call puts the configured one in force. */
function toBucket(
  view: ServiceGuardView | null,
  info: ServiceInfo | null,
): OpenRouterStatusView["rate_limit"] {
  const limit = view?.limiter?.limit ?? info?.policy.limit;
  if (!limit) return null;
  const keptBack = keptBackOf(limit);
  const tokens = view?.limiter?.tokens ?? limit.requests - keptBack;
  return {
    capacity: limit.requests,
    tokens: Math.max(0, Math.round(tokens * 100) / 100),
    kept_back: Math.round(keptBack * 100) / 100,
    refill_rate: (limit.requests * 1000) / limit.intervalMs,
  };
}

export const openRouterMetricsQuerySchema = z.object({
  days: queryInteger(1, 30).default(7).describe("The last so many UTC days, today among them"),
});

const count = z.int();
const dayFields = {
  total_calls: count,
  successful_calls: count,
  failed_calls: count,
  prompt_tokens: count,
  completion_tokens: count,
  cost: z.number(),
};
const stateFields = Object.fromEntries(openRouterStatuses.map((status) => [`state_${status}`, count]));

const openRouterDaySchema = z
  .object({ ...dayFields, ...stateFields })
  .catchall(z.number())
  .meta({ description: "state_{word}: calls that told this state" });

export const openRouterMetricsSchema = z.object({
  metrics: z.record(z.string(), openRouterDaySchema).meta({ description: "By UTC day, YYYY-MM-DD" }),
  days: z.int(),
  generated_at: instantSchema,
});
export type OpenRouterMetrics = z.infer<typeof openRouterMetricsSchema>;

const dayMs = 24 * 3_600_000;

/** Every day asked for, oldest first; the last one is today, by `nowMs` or by the newest day that is told. */
export function toOpenRouterMetrics(
  told: readonly ServiceDay[],
  days: number,
  nowMs: number,
): OpenRouterMetrics {
  const byDate = new Map(told.map((day) => [day.date, day]));
  const lastAt = Math.max(nowMs, ...told.map(({ date }) => Date.parse(date)));
  const dates = Array.from({ length: days }, (_, index) => dateOf(lastAt - (days - 1 - index) * dayMs));
  return {
    metrics: Object.fromEntries(dates.map((date) => [date, toDay(byDate.get(date))])),
    days,
    generated_at: toInstant(nowMs),
  };
}

function dateOf(atMs: number): string {
  return toInstant(atMs).slice(0, 10);
}

function toDay(day: ServiceDay | undefined): OpenRouterMetrics["metrics"][string] {
  const words = new Set([...openRouterStatuses, ...Object.keys(day?.states ?? {})]);
  return {
    total_calls: day?.totalCalls ?? 0,
    successful_calls: day?.successfulCalls ?? 0,
    failed_calls: day?.failedCalls ?? 0,
    ...Object.fromEntries([...words].map((word) => [`state_${word}`, day?.states[word] ?? 0])),
    prompt_tokens: day?.promptTokens ?? 0,
    completion_tokens: day?.completionTokens ?? 0,
    cost: day?.cost ?? 0,
  };
}

export const openRouterCreditsSchema = z.object({
  balance: z.number().nullable(),
  usage_today: z.number().nullable(),
  usage_month: z.number().nullable(),
  last_updated: nullableInstantSchema,
  level: z.enum(["ok", "warning", "critical"]).nullable().meta({ description: "Null: no balance is known" }),
  warning_threshold: z.number(),
  critical_threshold: z.number(),
  history: z.array(creditsPointSchema).meta({ description: "At most one an hour, oldest first" }),
  days: z.int(),
  generated_at: instantSchema,
});
export type OpenRouterCredits = z.infer<typeof openRouterCreditsSchema>;

export const creditsKeptDays = 30;

type KnownCredits = {
  known: ServiceState | null;
  thresholds: CreditThresholds;
  history: readonly CreditsPoint[];
};

export function toOpenRouterCredits(
  { known, thresholds, history }: KnownCredits,
  nowMs: number,
): OpenRouterCredits {
  const balance = known?.balance ?? null;
  return {
    balance,
    usage_today: known?.usageToday ?? null,
    usage_month: known?.usageMonth ?? null,
    last_updated: toInstantOrNull(known?.balanceCheckedAt ?? null),
    level: balance === null ? null : creditLevel(balance, thresholds),
    warning_threshold: thresholds.warning,
    critical_threshold: thresholds.critical,
    history: history.map(toCreditsPoint),
    days: creditsKeptDays,
    generated_at: toInstant(nowMs),
  };
}

function creditLevel(
  balance: number,
  { warning, critical }: CreditThresholds,
): "ok" | "warning" | "critical" {
  if (balance < critical) return "critical";
  return balance < warning ? "warning" : "ok";
}

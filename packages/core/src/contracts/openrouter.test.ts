import { describe, expect, it } from "vitest";
import type { ServiceInfo } from "../ports/catalog.ts";
import type { BreakerState, ServiceGuardView } from "../ports/guards.ts";
import type { ServiceDay, ServiceState } from "../ports/service-records.ts";
import { toGuardedService } from "./guarded-service.ts";
import {
  openRouterMetricsSchema,
  openRouterStatusSchema,
  toOpenRouterCredits,
  toOpenRouterMetrics,
  toOpenRouterStatus,
} from "./openrouter.ts";
import { toWorkerFleet } from "./worker-fleet.ts";

const nowMs = Date.UTC(2026, 0, 31, 12);
const limit = { requests: 230, intervalMs: 10_000 };
const info: ServiceInfo = {
  name: "openrouter",
  policy: {
    service: "openrouter",
    limit,
    tokenLimit: null,
    breaker: {
      failureThreshold: 0.5,
      volumeThreshold: 10,
      windowMs: 60_000,
      openMs: 60_000,
      probes: 3,
      probeMs: 30_000,
      rampMs: 10_000,
    },
  },
  check: () => Promise.reject(new Error("not here")),
  creditThresholds: { warning: 10, critical: 5 },
};
const known: ServiceState = {
  state: "active",
  message: "",
  told: null,
  found: null,
  balance: 7.5,
  usageToday: 1,
  usageMonth: 20,
  lastCheckAt: nowMs,
  checkedAt: nowMs,
  balanceCheckedAt: nowMs,
  consecutiveFailures: 0,
  errorDetails: null,
};
const open: BreakerState = {
  state: "OPEN",
  version: 3,
  failures: 6,
  successes: 4,
  openedAt: nowMs - 10_000,
  retryAt: nowMs + 50_000,
};
const view: ServiceGuardView = {
  service: "openrouter",
  breaker: open,
  limiter: {
    limit: { requests: 100, intervalMs: 10_000 },
    configured: limit,
    tokens: -2.004,
    holdUntil: nowMs + 5_000,
    waitMs: 5_200,
  },
};

describe("the status", () => {
  it("has what is known, the breaker and the bucket in force", () => {
    const status = toOpenRouterStatus({ known, isCached: true, view, info, nowMs });
    expect(openRouterStatusSchema.parse(status)).toEqual({
      status: "service_unavailable",
      message: "Its circuit breaker is open: it is not called until 2026-01-31T12:00:50.000Z.",
      balance: 7.5,
      usage_today: 1,
      usage_month: 20,
      last_check: "2026-01-31T12:00:00.000Z",
      error_details: null,
      consecutive_failures: 0,
      circuit_breaker_open: true,
      cache_hit: true,
      rate_limit: { capacity: 100, tokens: 0, kept_back: 5, refill_rate: 10 },
    });
  });

  it("says that a key is missing, and takes the bucket from the configuration until it is used", () => {
    const silent = { ...info, check: null };
    const status = toOpenRouterStatus({ known: null, isCached: true, view: null, info: silent, nowMs });
    expect(openRouterStatusSchema.parse(status)).toMatchObject({
      status: "api_key_missing",
      message:
        "This gateway has no key for OpenRouter, and no worker called it in the last minute. Where OPENROUTER_API_KEY is not set, tasks run without a model.",
      balance: null,
      last_check: null,
      consecutive_failures: 0,
      circuit_breaker_open: false,
      rate_limit: { capacity: 230, tokens: 218.5, kept_back: 11.5, refill_rate: 23 },
    });
    const none = toOpenRouterStatus({ known: null, isCached: true, view: null, info: null, nowMs });
    expect(none).toMatchObject({ status: "api_key_missing", rate_limit: null });
  });

  it("takes it from there too when the service was checked or opened before anybody called it", () => {
    const uncalled = { ...view, limiter: null };
    const { rate_limit } = toOpenRouterStatus({ known, isCached: true, view: uncalled, info, nowMs });
    expect(rate_limit).toEqual({ capacity: 230, tokens: 218.5, kept_back: 11.5, refill_rate: 23 });
    const { limiter } = toGuardedService("openrouter", { info, view: uncalled });
    expect(limiter).toMatchObject({ requests: 230, interval_seconds: 10, held_until: null });
    expect(toGuardedService("mail", { info: null, view: uncalled }).limiter).toBeNull();
  });

  it("calls a word that the contract does not know an error", () => {
    const odd = { ...known, state: "moderated", message: "It was refused." };
    expect(toOpenRouterStatus({ known: odd, isCached: true, view: null, info, nowMs })).toMatchObject({
      status: "error",
      message: "It was refused.",
    });
  });
});

describe("the metrics", () => {
  const day: ServiceDay = {
    date: "2026-01-30",
    totalCalls: 3,
    successfulCalls: 2,
    failedCalls: 1,
    states: { active: 2, rate_limited: 1, odd: 1 },
    promptTokens: 10,
    completionTokens: 20,
    cost: 0.5,
  };

  it("have every day asked for, with zeros where nobody called", () => {
    const { metrics, ...rest } = openRouterMetricsSchema.parse(toOpenRouterMetrics([day], 3, nowMs));
    expect(rest).toEqual({ days: 3, generated_at: "2026-01-31T12:00:00.000Z" });
    expect(Object.keys(metrics)).toEqual(["2026-01-29", "2026-01-30", "2026-01-31"]);
    expect(metrics["2026-01-30"]).toEqual({
      total_calls: 3,
      successful_calls: 2,
      failed_calls: 1,
      state_active: 2,
      state_api_key_missing: 0,
      state_api_key_invalid: 0,
      state_credits_exhausted: 0,
      state_rate_limited: 1,
      state_service_unavailable: 0,
      state_error: 0,
      state_odd: 1,
      prompt_tokens: 10,
      completion_tokens: 20,
      cost: 0.5,
    });
    expect(metrics["2026-01-31"]).toMatchObject({ total_calls: 0, state_active: 0, cost: 0 });
  });

  it("end with the store's day when its clock is ahead", () => {
    const ahead = { ...day, date: "2026-02-01" };
    expect(Object.keys(toOpenRouterMetrics([ahead], 2, nowMs).metrics)).toEqual(["2026-01-31", "2026-02-01"]);
  });
});

describe("the credits", () => {
  it.each([
    [10, "ok"],
    [9.99, "warning"],
    [5, "warning"],
    [4.99, "critical"],
    [null, null],
  ] as const)("with a balance of %s are %s", (balance, level) => {
    const credits = { known: { ...known, balance }, thresholds: info.creditThresholds, history: [] };
    expect(toOpenRouterCredits(credits, nowMs).level).toBe(level);
  });
});

describe("a guarded service", () => {
  it("has its breaker and its limiter side by side", () => {
    expect(toGuardedService("openrouter", { info, view })).toEqual({
      service: "openrouter",
      state: "open",
      fail_count: 6,
      success_count: 4,
      opened_at: "2026-01-31T11:59:50.000Z",
      retry_at: "2026-01-31T12:00:50.000Z",
      limiter: {
        requests: 100,
        interval_seconds: 10,
        configured: { requests: 230, interval_seconds: 10 },
        tokens: -2,
        kept_back: 5,
        wait_seconds: 5.2,
        held_until: "2026-01-31T12:00:05.000Z",
      },
    });
  });

  it("stands in the fleet, and the breaker of openrouter with every worker", () => {
    const other = toGuardedService("mail", { info: null, view: null });
    const worker = { workerId: "host-1-a", beatAgeMs: 0, lastBeatAt: nowMs, activeTaskIds: [] };
    const services = [other, toGuardedService("openrouter", { info, view })];
    const fleet = toWorkerFleet([worker, worker] as never, services, nowMs);
    expect(fleet.circuit_breaker_states).toEqual({ closed: 0, open: 2, "half-open": 0 });
    expect(fleet.worker_details[0]?.circuit_breaker).toEqual({
      state: "open",
      fail_count: 6,
      success_count: 4,
      opened_at: "2026-01-31T11:59:50.000Z",
      retry_at: "2026-01-31T12:00:50.000Z",
    });
    expect(fleet.services.map(({ service, state }) => [service, state])).toEqual([
      ["mail", "closed"],
      ["openrouter", "open"],
    ]);
  });
});

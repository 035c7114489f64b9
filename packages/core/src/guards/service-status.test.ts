import { describe, expect, it } from "vitest";
import type { BreakerState, ServiceGuardView } from "../ports/guards.ts";
import type { ServiceState } from "../ports/service-records.ts";
import { statusOf } from "./service-status.ts";

const now = Date.UTC(2026, 0, 1, 12);
const soon = now + 30_000;
const counts = { version: 1, failures: 0, successes: 0 };
const closed: BreakerState = { ...counts, state: "CLOSED", closedAt: null };
const open: BreakerState = { ...counts, state: "OPEN", openedAt: now, retryAt: soon };
const forced: BreakerState = { ...open, retryAt: null };
const halfOpen: BreakerState = { ...counts, state: "HALF_OPEN", openedAt: now, probes: 1 };

const view = (breaker: BreakerState, holdUntil: number | null = null): ServiceGuardView => {
  const limit = { requests: 230, intervalMs: 10_000 };
  return { service: "llm", breaker, limiter: { limit, configured: limit, tokens: 1, holdUntil, waitMs: 0 } };
};

type Told = NonNullable<ServiceState["told"]>;
const told = (state: string, overrides: Partial<Told> = {}): Told => ({
  ...{ state, message: state === "active" ? "" : `Calls say ${state}.`, at: now - 10_000, until: null },
  ...overrides,
});
const found = (state: string) => ({ state, message: state === "active" ? "" : `A check says ${state}.` });

/** As the last writer left it; a check 5 s ago, after the calls. */
const known = (overrides: Partial<ServiceState>): ServiceState => ({
  ...{ state: "active", message: "", balance: null, usageToday: null, usageMonth: null, lastCheckAt: now },
  ...{ checkedAt: now - 5_000, balanceCheckedAt: null, consecutiveFailures: 0, errorDetails: null },
  ...{ told: null, found: found("active") },
  ...overrides,
});

const fiveMinutes = 300_000;

describe("what is said of a service", () => {
  it.each<[string, ServiceState | null, ServiceGuardView | null, string | null]>([
    ["nothing is known", null, null, null],
    ["it was never called, and a check finds it well", known({}), null, "active"],
    ["it was never called, and is guarded", null, view(closed), null],
    ["a call went through", known({ told: told("active") }), view(closed), "active"],
    [
      "calls fail, though a check finds it well",
      known({ told: told("service_unavailable") }),
      view(closed),
      "service_unavailable",
    ],
    [
      "calls find no credits, though a check finds it well",
      known({ told: told("credits_exhausted") }),
      null,
      "credits_exhausted",
    ],
    [
      "calls failed 5 minutes ago, and a check finds it well",
      known({ told: told("error", { at: now - fiveMinutes }) }),
      null,
      "active",
    ],
    [
      "calls failed long ago, and nobody checks",
      known({ told: told("error", { at: 0 }), found: null, checkedAt: null }),
      null,
      "error",
    ],
    [
      "a check finds what is wrong after a call went through",
      known({ told: told("active"), found: found("api_key_invalid") }),
      view(closed),
      "api_key_invalid",
    ],
    [
      "a check finds what is wrong after calls failed",
      known({ told: told("error"), found: found("api_key_invalid") }),
      view(closed),
      "api_key_invalid",
    ],
    [
      "a call goes through after a check found what is wrong",
      known({ told: told("active", { at: now }), found: found("error") }),
      view(closed),
      "active",
    ],
    [
      "calls fail after a check found something else",
      known({ told: told("rate_limited", { at: now }), found: found("error") }),
      view(closed),
      "rate_limited",
    ],
    [
      "it is held, whatever a check finds",
      known({ told: told("rate_limited") }),
      view(closed, soon),
      "rate_limited",
    ],
    [
      "it is held, and a check finds the key wrong",
      known({ found: found("api_key_invalid") }),
      view(closed, soon),
      "api_key_invalid",
    ],
    [
      "it is held, by a service without a limiter",
      known({ told: told("rate_limited", { until: soon }) }),
      null,
      "rate_limited",
    ],
    ["the hold is over", known({ told: told("rate_limited", { until: now }) }), view(closed), "active"],
    ["the breaker is open, and a check finds it well", known({}), view(open), "service_unavailable"],
    ["the breaker is open, and calls told why", known({ told: told("error") }), view(open), "error"],
    [
      "the breaker is open for long, and calls told why before",
      known({ told: told("error", { at: 0 }) }),
      view(open),
      "error",
    ],
    ["the breaker was forced open", known({ told: told("active") }), view(forced), "service_unavailable"],
    ["the breaker is half-open", known({ told: told("active") }), view(halfOpen), "service_unavailable"],
    ["the breaker is open, and nobody told anything", null, view(open), "service_unavailable"],
    ["an earlier version left one word", known({ state: "error", found: null }), view(closed), "error"],
  ])("when %s", (_, state, guard, word) => {
    expect(statusOf(state, guard, now)?.state ?? null).toBe(word);
  });

  it("says until when", () => {
    const failing = known({ told: told("service_unavailable") });
    expect(statusOf(failing, view(open), now)?.message).toBe(
      "Its circuit breaker is open: it is not called until 2026-01-01T12:00:30.000Z. Calls say service_unavailable.",
    );
    expect(statusOf(null, view(forced), now)?.message).toBe(
      "Its circuit breaker is open: it is not called until an operator resets it.",
    );
    expect(statusOf(known({ told: told("rate_limited") }), view(closed, soon), now)?.message).toBe(
      "It asked to be left alone until 2026-01-01T12:00:30.000Z. Calls say rate_limited.",
    );
  });
});

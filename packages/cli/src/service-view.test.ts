import type { GuardedServiceView } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { serviceCard, serviceTable } from "./service-view.ts";

const limiter = {
  requests: 230,
  interval_seconds: 10,
  configured: { requests: 230, interval_seconds: 10 },
  tokens: 218.5,
  kept_back: 11.5,
  wait_seconds: 0,
  held_until: null,
};
const closed: GuardedServiceView = {
  service: "openrouter",
  state: "closed",
  fail_count: 0,
  success_count: 3,
  opened_at: null,
  retry_at: null,
  limiter,
};

describe("the table of services", () => {
  it.each([
    ["230/10s  218, 12 kept back  0 s", {}],
    ["none", { limiter: null }],
    ["open until reset", { state: "open" }],
    ["tries again at 2026-01-01T00:00:00.000Z", { state: "open", retry_at: "2026-01-01T00:00:00.000Z" }],
    [
      "5/500ms  0, 3 kept back  1.2 s  learned from the service, set to 230/10s",
      {
        limiter: {
          ...limiter,
          requests: 5,
          interval_seconds: 0.5,
          tokens: -3,
          kept_back: 2.25,
          wait_seconds: 1.2,
        },
      },
    ],
    [
      "held until 2026-01-01T00:00:00.000Z",
      { limiter: { ...limiter, held_until: "2026-01-01T00:00:00.000Z" } },
    ],
  ] as const)("says %s", (text, given) => {
    expect(serviceTable([{ ...closed, ...given }])).toContain(text);
  });
});

describe("a service's card", () => {
  it("leaves out what is not known", () => {
    const unknown = { status: null, message: null, balance: null, usage_today: null, usage_month: null };
    const rest = { last_check: null, error_details: null, consecutive_failures: 0, credits_history: [] };
    const card = serviceCard({ ...closed, ...unknown, ...rest });
    expect(card).toMatch(/^service +openrouter\nfailures in a row +0\nbreaker +closed\n/);
    expect(card).not.toMatch(/balance|null/);
  });
});

import type { GuardedServiceView, OpenRouterStatusView } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { checkKey, checkServices } from "./doctor-service.ts";
import { createGatewayClient } from "./gateway-client.ts";

const status: OpenRouterStatusView = {
  status: "active",
  message: "",
  balance: 12.5,
  usage_today: null,
  usage_month: null,
  last_check: null,
  error_details: null,
  consecutive_failures: 0,
  circuit_breaker_open: false,
  cache_hit: true,
  rate_limit: null,
};
const closed: GuardedServiceView = {
  service: "mail",
  state: "closed",
  fail_count: 0,
  success_count: 0,
  opened_at: null,
  retry_at: null,
  limiter: null,
};

/** A gateway that answers these. */
function gatewayWith(given: Partial<OpenRouterStatusView>, services: GuardedServiceView[] = []) {
  const answers: Record<string, unknown> = {
    "/api/v1/openrouter/status": { ...status, ...given },
    "/api/v1/services": { services },
  };
  const client = createGatewayClient({ url: "http://127.0.0.1:1", apiKey: null });
  return { ...client, get: async <T>(path: string) => answers[path] as T };
}

describe("checkServices", () => {
  it.each([
    ["ok", "It answers; 12.50 is left.", {}],
    ["ok", "It answers.", { balance: null }],
    ["ok", "No key.", { status: "api_key_missing", message: "No key." }],
    ["warn", "api_key_invalid: It was refused.", { status: "api_key_invalid", message: "It was refused." }],
    ["warn", "rate_limited: Too many.", { status: "rate_limited", message: "Too many." }],
  ] as const)("says %s: %s", async (found, detail, given) => {
    expect(await checkServices(gatewayWith(given))).toEqual([
      expect.objectContaining({ name: "openrouter", status: found, detail }),
    ]);
  });

  it("names the breakers that are not closed, and how to close them", async () => {
    const services: GuardedServiceView[] = [
      closed,
      { ...closed, service: "a", state: "open" },
      { ...closed, service: "b", state: "open", retry_at: "2026-01-01T00:00:00.000Z" },
      { ...closed, service: "c", state: "half-open" },
    ];
    const [, ...checks] = await checkServices(gatewayWith({}, services));
    expect(checks.map(({ name, status: found, detail }) => [name, found, detail])).toEqual([
      ["service a", "warn", "Its circuit breaker is open until it is reset."],
      ["service b", "warn", "Its circuit breaker is open until 2026-01-01T00:00:00.000Z."],
      ["service c", "warn", "Its circuit breaker lets a few calls try."],
    ]);
    expect(checks[0]?.advice).toContain("workstream service reset a");
  });
});

describe("checkKey", () => {
  it("says whether there is a key, and not which", () => {
    expect(checkKey({ OPENROUTER_API_KEY: "sk-1" }).detail).toBe("OPENROUTER_API_KEY is set here.");
    expect(checkKey({ OPENROUTER_API_KEY: undefined }).detail).toMatch(/^None is set/);
  });
});

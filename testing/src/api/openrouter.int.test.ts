import type { CallRecord, ServiceInfo } from "@workstream/core";
import {
  type FakeOpenRouter,
  type OpenRouterSettings,
  openRouterCheck,
  openRouterService,
  startFakeOpenRouter,
} from "@workstream/tasks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { storeKinds } from "../store-source.ts";
import { useApi } from "./api-stage.ts";

let provider: FakeOpenRouter;
beforeEach(async () => {
  provider = await startFakeOpenRouter({ control: { balance: 42, usage: 3 } });
});
afterEach(() => provider.close());

const path = "/api/v1/openrouter/status";
const keyRequests = () => provider.requests.filter((request) => request.path.endsWith("/key")).length;

function openRouter(apiKey: string | null = "test-key"): ServiceInfo {
  const settings: OpenRouterSettings = {
    apiKey,
    baseUrl: provider.baseUrl,
    model: "test/model",
    timeoutMs: 5_000,
    limit: { requests: 230, intervalMs: 10_000 },
    tokenLimit: null,
    breaker: {},
  };
  const { name, policy } = openRouterService(settings);
  const check = apiKey === null ? null : openRouterCheck(settings);
  return { name, policy, check, creditThresholds: { warning: 10, critical: 5 } };
}

function call(turn: string, given: Partial<CallRecord> = {}): CallRecord {
  return {
    turn,
    outcome: "success",
    holdMs: null,
    learnedLimit: null,
    tokensUsed: 30,
    serviceState: "active",
    message: "",
    promptTokens: 10,
    completionTokens: 20,
    cost: 0.25,
    ...given,
  };
}

describe.each(storeKinds)("OpenRouter's status on %s", (kind) => {
  const openApi = useApi(kind);

  it("is asked for once and then served from the store, in under 5 ms", async () => {
    const { ask } = await openApi({ services: [openRouter()] });
    const first = await ask("GET", path);
    expect(first).toMatchObject({ status: 200 });
    expect(first.body).toEqual({
      status: "active",
      message: "",
      balance: 42,
      usage_today: 3,
      usage_month: 3,
      last_check: expect.stringMatching(/Z$/),
      error_details: null,
      consecutive_failures: 0,
      circuit_breaker_open: false,
      cache_hit: false,
      rate_limit: { capacity: 230, tokens: 218.5, kept_back: 11.5, refill_rate: 23 },
    });
    const times: number[] = [];
    for (let n = 0; n < 100; n++) {
      const startedAt = performance.now();
      const { body } = await ask("GET", path);
      times.push(performance.now() - startedAt);
      expect(body.cache_hit).toBe(true);
    }
    expect(keyRequests()).toBe(1);
    // The quickest tenth: the rest may wait for a core.
    expect(times.sort((a, b) => a - b)[10]).toBeLessThan(5);
  });

  it("takes 1,000 requests of two gateways in a minute to the provider at most twice", async () => {
    const services = [openRouter()];
    const first = await openApi({ services });
    const second = await openApi({ services, on: first.opened });
    for (let round = 0; round < 100; round++) {
      const stages = [first, second, first, second, first, second, first, second, first, second];
      const answers = await Promise.all(stages.map(({ ask }) => ask("GET", path)));
      expect(new Set(answers.map(({ status, body }) => `${status} ${body.status}`))).toEqual(
        new Set(["200 active"]),
      );
      first.clock.advance(600);
    }
    expect(keyRequests()).toBeGreaterThan(0);
    expect(keyRequests()).toBeLessThanOrEqual(2);
  });

  it("is served stale while it is refreshed, and waited for when it is too old", async () => {
    const { ask, clock } = await openApi({ services: [openRouter()] });
    await ask("GET", path);
    provider.control({ balance: 7 });
    clock.advance(61_000);
    expect((await ask("GET", path)).body).toMatchObject({ balance: 42, cache_hit: true });
    await expect.poll(async () => (await ask("GET", path)).body.balance).toBe(7);
    provider.control({ balance: 6 });
    clock.advance(301_000);
    expect((await ask("GET", path)).body).toMatchObject({ balance: 6, cache_hit: false });
    expect(keyRequests()).toBe(3);
  });

  it("can be forced, but not more than once in 5 s", async () => {
    const { ask, clock, stores } = await openApi({ services: [openRouter()] });
    await ask("GET", path);
    for (let n = 0; n < 20; n++) await ask("GET", `${path}?force_refresh=true`);
    expect(keyRequests()).toBe(1);
    clock.advance(5_000);
    await stores.services.endCheck("openrouter");
    expect((await ask("GET", `${path}?force_refresh=1`)).body.cache_hit).toBe(false);
    expect(keyRequests()).toBe(2);
    expect((await ask("GET", `${path}?force_refresh=maybe`)).status).toBe(422);
  });

  it("says what is wrong", async () => {
    provider.control({ checksKey: true });
    const { ask } = await openApi({ services: [openRouter("sk-secret-1")] });
    const { body, text } = await ask("GET", path);
    expect(body).toMatchObject({ status: "api_key_invalid", consecutive_failures: 1, balance: null });
    expect(body.message).not.toBe("");
    expect(text).not.toContain("sk-secret");
  });

  it("is api_key_missing without a key, and nothing is asked", async () => {
    const { ask } = await openApi({ services: [openRouter(null)] });
    expect((await ask("GET", `${path}?force_refresh=true`)).body).toMatchObject({
      status: "api_key_missing",
      last_check: null,
      circuit_breaker_open: false,
      rate_limit: { capacity: 230 },
    });
    expect(provider.requests).toHaveLength(0);
  });

  it("is kept current by the calls of workers", async () => {
    const info = openRouter(null);
    const { ask, stores } = await openApi({ services: [info] });
    const { answers } = await stores.guards.acquire(
      info.policy,
      [{ cost: 1, isReturning: false, tokens: 0 }],
      2_000,
    );
    const [answer] = answers;
    if (answer?.kind !== "granted") throw new Error("The first turn was not granted.");
    const limited = { outcome: "failure", serviceState: "rate_limited", message: "Too many." } as const;
    await stores.guards.record(info.policy, [call(answer.turn, limited)]);
    expect((await ask("GET", path)).body).toMatchObject({
      status: "rate_limited",
      message: "Too many.",
      consecutive_failures: 1,
      cache_hit: true,
    });
  });
});

describe.each(storeKinds)("OpenRouter's figures on %s", (kind) => {
  const openApi = useApi(kind);

  it("have every day asked for, today's calls among them", async () => {
    const info = openRouter();
    const { ask, stores, clock } = await openApi({ services: [info] });
    const requests = [1, 2, 3].map(() => ({ cost: 1, isReturning: false, tokens: 0 }));
    const { answers } = await stores.guards.acquire(info.policy, requests, 2_000);
    const turns = answers.flatMap((answer) => (answer.kind === "granted" ? [answer.turn] : []));
    expect(turns).toHaveLength(3);
    const calls = turns.map((turn, n) =>
      call(turn, n === 2 ? { outcome: "failure", serviceState: "service_unavailable" } : {}),
    );
    await stores.guards.record(info.policy, calls);
    const { body } = await ask("GET", "/api/v1/openrouter/metrics?days=3");
    const today = new Date(clock.now()).toISOString().slice(0, 10);
    expect(Object.keys(body.metrics)).toHaveLength(3);
    expect(body.days).toBe(3);
    expect(body.metrics[today]).toMatchObject({
      total_calls: 3,
      successful_calls: 2,
      failed_calls: 1,
      state_active: 2,
      state_service_unavailable: 1,
      state_rate_limited: 0,
      prompt_tokens: 30,
      completion_tokens: 60,
      cost: 0.75,
    });
    const others = Object.entries<{ total_calls: number }>(body.metrics).filter(([date]) => date !== today);
    expect(others.map(([, day]) => day.total_calls)).toEqual([0, 0]);
    expect(Object.keys((await ask("GET", "/api/v1/openrouter/metrics")).body.metrics)).toHaveLength(7);
    for (const days of ["0", "31", "x"])
      expect((await ask("GET", `/api/v1/openrouter/metrics?days=${days}`)).status).toBe(422);
  });

  it("have the credits and how they went", async () => {
    const { ask, clock } = await openApi({ services: [openRouter()] });
    for (const balance of [12, 9, 4]) {
      provider.control({ balance });
      await ask("GET", path);
      clock.advance(3_600_000);
    }
    const { body } = await ask("GET", "/api/v1/openrouter/credits");
    expect(body).toMatchObject({
      balance: 4,
      level: "critical",
      warning_threshold: 10,
      critical_threshold: 5,
      days: 30,
    });
    expect(body.history.map((point: { balance: number }) => point.balance)).toEqual([12, 9, 4]);
  });
});

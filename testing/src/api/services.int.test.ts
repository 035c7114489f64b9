import type { ServiceInfo, Stores } from "@workstream/core";
import { queueEventSchema, WorkstreamError } from "@workstream/core";
import { defineService } from "@workstream/worker";
import { afterEach, describe, expect, it } from "vitest";
import { storeKinds } from "../store-source.ts";
import { useApi } from "./api-stage.ts";
import { type EventReader, readEvents } from "./event-reader.ts";

const readers: EventReader[] = [];
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});

function info(name: string, limit: string | null = "230/10s"): ServiceInfo {
  const { policy } = defineService({ name, limit });
  return { name, policy, check: null, creditThresholds: { warning: 10, critical: 5 } };
}
const services = [info("openrouter"), info("mail", "5/1s"), info("disk", null)];

const outcomes = ["success", "failure"] as const;
const sent = {
  holdMs: null,
  learnedLimit: null,
  tokensUsed: 30,
  serviceState: "active",
  message: "",
  promptTokens: 10,
  completionTokens: 20,
  cost: 0.25,
};

const beat = {
  workerId: "host-1-aaaa",
  hostname: "host",
  pid: 1,
  version: "1.0.0",
  concurrency: 4,
  highPrioritySlots: 0,
  queues: ["primary"],
  types: ["summarize"],
  isDraining: false,
  completed: 0,
  failed: 0,
  eventLoopLagMs: 0,
  memoryBytes: 1,
  claimLoopAgeMs: 0,
};

/** A call that a worker makes, so that the store knows the service. */
async function use(stores: Stores, { policy }: ServiceInfo) {
  await stores.guards.acquire(policy, [{ cost: 1, isReturning: false, tokens: 0 }], 2_000);
}

describe.each(storeKinds)("services on %s", (kind) => {
  const openApi = useApi(kind);

  it("are listed, those that nobody has called yet and those of other programs too", async () => {
    const { ask, stores } = await openApi({ services });
    await use(stores, info("elsewhere", "10/1s"));
    const { status, body } = await ask("GET", "/api/v1/services");
    expect(status).toBe(200);
    expect(body.services.map(({ service }: { service: string }) => service)).toEqual([
      "disk",
      "elsewhere",
      "mail",
      "openrouter",
    ]);
    expect(body.services[0]).toMatchObject({ state: "closed", limiter: null });
    expect(body.services[2]).toEqual({
      service: "mail",
      state: "closed",
      fail_count: 0,
      success_count: 0,
      opened_at: null,
      retry_at: null,
      limiter: {
        requests: 5,
        interval_seconds: 1,
        configured: { requests: 5, interval_seconds: 1 },
        tokens: 2.75,
        kept_back: 2.25,
        wait_seconds: 0,
        held_until: null,
      },
    });
  });

  it("are told one by one, with what is known of them", async () => {
    const { ask, stores } = await openApi({ services });
    await use(stores, services[1] as ServiceInfo);
    const check = {
      state: "active",
      message: "",
      errorDetails: null,
      balance: 8,
      usageToday: 1,
      usageMonth: 2,
    };
    await stores.services.writeCheck("mail", check, { warning: 10, critical: 5 });
    const { body } = await ask("GET", "/api/v1/services/mail/");
    expect(body).toMatchObject({
      service: "mail",
      state: "closed",
      status: "active",
      balance: 8,
      usage_month: 2,
    });
    expect(body.credits_history).toEqual([{ timestamp: expect.any(String), balance: 8, usage: 2 }]);
    const silent = await ask("GET", "/api/v1/services/disk");
    expect(silent.body).toMatchObject({ status: null, last_check: null, credits_history: [] });
    for (const name of ["nobody", "NOT-A-NAME", "a%3Ab", "x".repeat(300)]) {
      const unknown = await ask("GET", `/api/v1/services/${name}`);
      expect([unknown.status, unknown.body.code]).toEqual([404, "unknown_service"]);
    }
  });

  it("have limits that an operator changes for everyone", async () => {
    const { ask, stores } = await openApi({ services });
    await use(stores, services[1] as ServiceInfo);
    const body = { requests: 100, interval_seconds: 0.5 };
    const changed = await ask("PUT", "/api/v1/services/mail/rate-limit", { payload: body });
    expect(changed).toMatchObject({ status: 200, body: { service: "mail" } });
    expect(changed.body.limiter).toMatchObject({ ...body, configured: body });
    expect((await stores.guards.read("mail"))?.limiter?.limit).toEqual({ requests: 100, intervalMs: 500 });
  });

  it.each([
    [{}, 422],
    [{ requests: 0, interval_seconds: 1 }, 422],
    [{ requests: 1.5, interval_seconds: 1 }, 422],
    [{ requests: 1, interval_seconds: 0 }, 422],
    [{ requests: 1, interval_seconds: 86_401 }, 422],
    [{ requests: 1, interval_seconds: 1, burst: 2 }, 422],
  ])("refuse the limit %j", async (payload, status) => {
    const { ask } = await openApi({ services });
    expect((await ask("PUT", "/api/v1/services/mail/rate-limit", { payload })).status).toBe(status);
  });

  it("stand among the workers, the breaker of openrouter with each of them", async () => {
    const { ask, stores } = await openApi({ services });
    await stores.workers.beat(beat);
    await stores.workers.beat({ ...beat, workerId: "host-2-bbbb" });
    await ask("POST", "/api/v1/workers/open-circuit-breaker?service=openrouter");
    const { body } = await ask("GET", "/api/v1/workers");
    expect(body.circuit_breaker_states).toEqual({ closed: 0, open: 2, "half-open": 0 });
    for (const worker of body.worker_details)
      expect(worker.circuit_breaker).toEqual({
        state: "open",
        fail_count: 0,
        success_count: 0,
        opened_at: expect.stringMatching(/Z$/),
        retry_at: null,
      });
    expect(
      body.services.map((found: { service: string; state: string }) => [found.service, found.state]),
    ).toEqual([
      ["disk", "closed"],
      ["mail", "closed"],
      ["openrouter", "open"],
    ]);
  });

  it("are opened and reset, one or all", async () => {
    const { ask, stores } = await openApi({ services });
    const opened = await ask("POST", "/api/v1/workers/open-circuit-breaker");
    expect(opened.body).toMatchObject({ message: "3 of 3 circuit breakers opened.", successful_opens: 3 });
    expect((await stores.guards.read("mail"))?.breaker).toMatchObject({ state: "OPEN", retryAt: null });
    const one = await ask("POST", "/api/v1/workers/reset-circuit-breaker?service=mail");
    expect(one.body).toEqual({
      message: "1 of 1 circuit breaker reset.",
      successful_resets: 1,
      results: [
        {
          service: "mail",
          status: "success",
          new_state: { state: "closed", fail_count: 0, success_count: 0, opened_at: null, retry_at: null },
          error: null,
        },
      ],
      timestamp: expect.stringMatching(/Z$/),
    });
    expect((await stores.guards.read("disk"))?.breaker.state).toBe("OPEN");
    expect((await ask("POST", "/api/v1/workers/reset-circuit-breaker")).body.successful_resets).toBe(3);
    expect((await stores.guards.read("disk"))?.breaker.state).toBe("CLOSED");
    const unknown = await ask("POST", "/api/v1/workers/reset-circuit-breaker?service=nobody");
    expect([unknown.status, unknown.body.code]).toEqual([404, "unknown_service"]);
  });

  it("say which breaker could not be changed", async () => {
    const wrap = (stores: Stores): Stores => ({
      ...stores,
      guards: new Proxy(stores.guards, {
        get: (guards, name) => {
          if (name === "reset")
            return async (service: string) => {
              if (service === "mail") throw new WorkstreamError("store_unavailable", "It is away.");
              return guards.reset(service);
            };
          const member = Reflect.get(guards, name);
          return typeof member === "function" ? member.bind(guards) : member;
        },
      }),
    });
    const { ask } = await openApi({ services, wrap });
    const { body } = await ask("POST", "/api/v1/workers/reset-circuit-breaker");
    expect(body).toMatchObject({ message: "2 of 3 circuit breakers reset.", successful_resets: 2 });
    expect(body.results[1]).toEqual({
      service: "mail",
      status: "error",
      new_state: null,
      error: "It is away.",
    });
  });

  it("are changed by operators alone", async () => {
    const keys = [{ key: "r", role: "reader" as const }, { key: "o" }];
    const { ask } = await openApi({ services, settings: { auth: { mode: "keys", keys } } });
    const asReader = { headers: { "x-api-key": "r" } };
    expect((await ask("GET", "/api/v1/services", asReader)).status).toBe(200);
    expect((await ask("POST", "/api/v1/workers/open-circuit-breaker", asReader)).status).toBe(403);
    const payload = { requests: 1, interval_seconds: 1 };
    const put = (key: string) =>
      ask("PUT", "/api/v1/services/mail/rate-limit", { payload, headers: { "x-api-key": key } });
    expect([(await put("r")).status, (await put("o")).status]).toEqual([403, 200]);
  });

  it("tell of their breakers and credits on the queue stream", async () => {
    const stage = await openApi({ services });
    const reader = await readEvents(`${await stage.listen()}/api/v1/queues/status/stream`);
    readers.push(reader);
    await reader.next(({ type }) => type === "initial_status");
    await stage.ask("POST", "/api/v1/workers/open-circuit-breaker?service=mail");
    const changed = await reader.next(({ type }) => type === "circuit_breaker_changed");
    expect(changed.event).toMatchObject({
      service: "mail",
      old_state: "closed",
      new_state: "open",
      retry_at: null,
    });
    const check = { state: "active", message: "", errorDetails: null, usageToday: null, usageMonth: null };
    await stage.stores.services.writeCheck("mail", { ...check, balance: 3 }, { warning: 10, critical: 5 });
    const low = await reader.next(({ type }) => type === "credits_low");
    expect(low.event).toMatchObject({ service: "mail", level: "critical", balance: 3 });
    for (const { event } of reader.events) expect(queueEventSchema.parse(event)).toEqual(event);
  });

  it("have the calls of every day asked for, as OpenRouter has", async () => {
    const { ask, stores, clock } = await openApi({ services });
    const { policy } = info("mail", "5/1s");
    const request = { cost: 1, isReturning: false, tokens: 0 };
    const { answers } = await stores.guards.acquire(policy, [request, request], 2_000);
    const turns = answers.flatMap((answer) => (answer.kind === "granted" ? [answer.turn] : []));
    const calls = turns.map((turn, n) => ({ ...sent, turn, outcome: outcomes[n] ?? "success" }));
    await stores.guards.record(policy, calls);
    const { body } = await ask("GET", "/api/v1/services/mail/metrics?days=2");
    const today = new Date(clock.now()).toISOString().slice(0, 10);
    expect(Object.keys(body.metrics)).toHaveLength(2);
    expect(body.metrics[today]).toMatchObject({
      total_calls: 2,
      successful_calls: 1,
      failed_calls: 1,
      prompt_tokens: 20,
      completion_tokens: 40,
      cost: 0.5,
    });
    const other = (await ask("GET", "/api/v1/services/openrouter/metrics")).body;
    expect([other.days, other.metrics[today].total_calls]).toEqual([7, 0]);
    expect((await ask("GET", "/api/v1/services/mail/metrics?days=31")).status).toBe(422);
    const unknown = await ask("GET", "/api/v1/services/nobody/metrics");
    expect([unknown.status, unknown.body.code]).toEqual([404, "unknown_service"]);
  });

  it("are measured", async () => {
    const { ask, stores } = await openApi({ services });
    await use(stores, services[1] as ServiceInfo);
    await ask("POST", "/api/v1/workers/open-circuit-breaker?service=openrouter");
    const { text } = await ask("GET", "/metrics");
    expect(text).toContain('workstream_service_breaker{service="mail",state="closed"} 1');
    expect(text).toContain('workstream_service_breaker{service="openrouter",state="open"} 1');
    expect(text).toMatch(
      /workstream_service_tokens\{service="mail"\} 1\.\d+|workstream_service_tokens\{service="mail"\} 2/,
    );
    expect(text).toContain('workstream_service_held_seconds{service="mail"} 0');
    expect(text).toContain('workstream_service_calls_today{service="mail",outcome="success"} 0');
  });
});

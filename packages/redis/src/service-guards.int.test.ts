/** What of the guards is Redis's alone: names, types and fields of the keys, and what others write into them. */
import type { GuardPolicy, ServiceGuards, Stores } from "@workstream/core";
import { testClock } from "@workstream/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { callRecord, guardPolicy, oneTurn, turnsOf } from "./guard-policy.fixture.ts";
import { keyCatalog } from "./key-catalog.ts";
import { redisKeys, type ServiceKeys } from "./keys.ts";
import { freshPrefix, useRedis } from "./redis-test.fixture.ts";

const redis = useRedis();
const policy = guardPolicy();
const tokenPolicy = guardPolicy({ tokenLimit: { requests: 6_000, intervalMs: 60_000 } });

let prefix: string;
let clock: ReturnType<typeof testClock>;
let stores: Stores;
let guards: ServiceGuards;
let keys: ServiceKeys;

beforeEach(async () => {
  prefix = freshPrefix();
  clock = testClock();
  stores = await redis.open({ prefix, now: clock.now });
  guards = stores.guards;
  keys = redisKeys(prefix).service("mail");
});

async function turns(count: number, of: GuardPolicy = policy): Promise<string[]> {
  const requests = Array.from({ length: count }, () => oneTurn);
  return turnsOf(await guards.acquire(of, requests, 2_000));
}

async function fail(count: number): Promise<void> {
  const calls = (await turns(count)).map((turn) => callRecord(turn, { outcome: "failure" }));
  await guards.record(policy, calls);
}

describe("the keys of a service", () => {
  it("have the names and types of docs/guards.md", async () => {
    await useEverything("mail");
    await useEverything("openrouter");
    const names = (await redis.raw.keys(`${prefix}*`)).sort();
    const types = await Promise.all(names.map((name) => redis.raw.type(name)));
    const found = names.map((name, index) => `${name.slice(prefix.length)} ${types[index]}`);
    const ofRoot = (root: string) => [
      `${root}:check string`,
      `${root}:credits hash`,
      `${root}:credits:history zset`,
      `${root}:metrics:2026-01-01 hash`,
      `${root}:rate_limit:bucket hash`,
      `${root}:rate_limit_config hash`,
      `${root}:state hash`,
      `${root}:token_limit:bucket hash`,
    ];
    const breakers = ["circuit_breaker:mail hash", "circuit_breaker:openrouter hash"];
    const expected = [...breakers, ...ofRoot("openrouter"), ...ofRoot("service:mail"), "services:index set"];
    expect(found).toEqual(expected.sort());
    expect((await redis.raw.smembers(`${prefix}services:index`)).sort()).toEqual(["mail", "openrouter"]);
  });

  it("have no field that the catalogue does not tell", async () => {
    await useEverything("openrouter");
    await guards.changeLimit("openrouter", { requests: 20, intervalMs: 1_000 });
    const learned = {
      holdMs: 10,
      learnedLimit: { requests: 5, intervalMs: 1_000 },
      serviceState: "rate_limited",
    };
    await guards.record({ ...tokenPolicy, service: "openrouter" }, [callRecord("", learned)]);
    await guards.acquire({ ...tokenPolicy, service: "openrouter" }, [oneTurn], 0);
    await guards.forceOpen("openrouter");
    for (const { pattern, holds, type } of keyCatalog) {
      if (type !== "hash" || !/^(openrouter|circuit_breaker):/.test(pattern)) continue;
      const name = pattern.replace("{service}", "openrouter").replace("{date}", "2026-01-01");
      const fields = await redis.raw.hkeys(prefix + name);
      const untold = fields.filter((field) => !holds.includes(field.replace(/^state_.+/, "state_{word}")));
      expect({ name, count: fields.length > 2, untold }).toEqual({ name, count: true, untold: [] });
    }
  });

  async function useEverything(service: string): Promise<void> {
    const of = { ...tokenPolicy, service };
    await guards.configure(of);
    const answer = await guards.acquire(of, [{ ...oneTurn, tokens: 100 }], 0);
    await guards.record(of, [callRecord(turnsOf(answer)[0] ?? "", { serviceState: "active" })]);
    const check = {
      state: "active",
      message: "",
      errorDetails: null,
      balance: 9,
      usageToday: 1,
      usageMonth: 2,
    };
    await stores.services.writeCheck(service, check, { warning: 10, critical: 5 });
    await stores.services.beginCheck(service, 60_000);
  }

  it("tell readers what the bucket holds", async () => {
    await turns(3);
    const now = clock.now();
    expect(await redis.raw.hgetall(keys.bucket)).toEqual({
      tokens: "2.5",
      capacity: "5.5",
      refill_rate: "10",
      used_at: `${now - 250}`,
      last_refill: `${now}`,
      next_at: `${now - 250}`,
    });
  });

  it("keep fractional instants exactly", async () => {
    const of = guardPolicy({ limit: { requests: 3, intervalMs: 1_000 } });
    await turns(1, of);
    const nextAt = await redis.raw.hget(keys.bucket, "next_at");
    expect(Number(nextAt)).toBe(clock.now() - 550 + 1_000 / 3);
    expect(nextAt).toMatch(/^\d{13}\.\d+$/);
  });

  it("tell readers of the breaker at each step", async () => {
    await fail(1);
    expect(await redis.raw.hgetall(keys.breaker)).toEqual({
      state: "CLOSED",
      version: "0",
      failure_count: "1",
      success_count: "0",
      [`w:${clock.now() / 10_000}`]: "1/0",
    });
    await fail(3);
    const openedAt = clock.now();
    expect(await redis.raw.hgetall(keys.breaker)).toEqual({
      state: "OPEN",
      version: "1",
      failure_count: "4",
      success_count: "0",
      opened_at: `${openedAt}`,
      retry_at: `${openedAt + 30_000}`,
    });
    clock.advance(30_000);
    const probes = await turns(2);
    const halfOpen = await redis.raw.hgetall(keys.breaker);
    expect(halfOpen).toMatchObject({ state: "HALF_OPEN", version: "2", failure_count: "0" });
    const leases = Object.entries(halfOpen).filter(([field]) => field.startsWith("probe:"));
    expect(leases.map(([, until]) => until)).toEqual([`${clock.now() + 5_000}`, `${clock.now() + 5_000}`]);
    await guards.record(
      policy,
      probes.map((turn) => callRecord(turn)),
    );
    expect(await redis.raw.hgetall(keys.breaker)).toEqual({
      state: "CLOSED",
      version: "3",
      failure_count: "0",
      success_count: "0",
      closed_at: `${clock.now()}`,
    });
    await guards.forceOpen("mail");
    expect(await redis.raw.hgetall(keys.breaker)).toMatchObject({ state: "OPEN", is_forced: "1" });
    expect(await redis.raw.hexists(keys.breaker, "retry_at")).toBe(0);
  });

  it("say in the service's state whether the breaker is open", async () => {
    const [turn = ""] = await turns(1);
    await guards.record(policy, [callRecord(turn, { serviceState: "active" })]);
    const isOpen = () => redis.raw.hget(keys.state, "circuit_breaker_open");
    expect(await isOpen()).toBe("false");
    await guards.forceOpen("mail");
    expect(await isOpen()).toBe("true");
    await guards.reset("mail");
    expect(await isOpen()).toBe("false");
  });

  it("count a day's calls, and lapse after 30 days", async () => {
    const [first = "", second = ""] = await turns(2);
    await guards.record(policy, [
      callRecord(first, { serviceState: "active", promptTokens: 10, completionTokens: 3, cost: 0.1 }),
      callRecord(second, { outcome: "failure", serviceState: "rate_limited", cost: 0.2 }),
    ]);
    const day = redisKeys(prefix).serviceMetrics("mail", "2026-01-01");
    expect(await redis.raw.hgetall(day)).toEqual({
      total_calls: "2",
      successful_calls: "1",
      failed_calls: "1",
      state_active: "1",
      state_rate_limited: "1",
      prompt_tokens: "10",
      completion_tokens: "3",
      cost: "0.3",
    });
    expect(await redis.raw.ttl(day)).toBeGreaterThan(29 * 86_400);
  });

  it("hold credits and a point of their history", async () => {
    const check = {
      state: "active",
      message: "",
      errorDetails: null,
      balance: 7.25,
      usageToday: 1,
      usageMonth: 2.5,
    };
    await stores.services.writeCheck("mail", check, { warning: 10, critical: 5 });
    const now = clock.now();
    expect(await redis.raw.hgetall(keys.credits)).toEqual({
      balance: "7.25",
      usage: "2.5",
      last_updated: `${now}`,
    });
    expect(await redis.raw.zrange(keys.creditsHistory, "0", "-1", "WITHSCORES")).toEqual([
      `${now}:7.25:2.5`,
      `${now}`,
    ]);
    expect(await redis.raw.hgetall(keys.state)).toEqual({
      state: "active",
      message: "",
      balance: "7.25",
      usage_today: "1",
      usage_month: "2.5",
      last_check: `${now}`,
      checked_at: `${now}`,
      balance_checked_at: `${now}`,
      consecutive_failures: "0",
      circuit_breaker_open: "false",
      credits_level: "warning",
      found_state: "active",
      found_message: "",
    });
  });
});

describe("rate_limit_config", () => {
  it.each([
    [500, "500ms"],
    [10_000, "10s"],
    [60_000, "1m"],
    [90_000, "90s"],
    [7_200_000, "2h"],
  ])("writes %d ms as %s", async (intervalMs, interval) => {
    await guards.configure(guardPolicy({ limit: { requests: 5, intervalMs } }));
    expect(await redis.raw.hgetall(keys.limit)).toEqual({
      requests: "5",
      interval,
      configured_requests: "5",
      configured_interval: interval,
      source: "configured",
      updated_at: `${clock.now()}`,
    });
  });

  it("is obeyed at the next step when an operator writes it by hand", async () => {
    await guards.configure(policy);
    expect(await turns(9)).toHaveLength(9);
    clock.advance(60_000);
    await redis.raw.hset(keys.limit, { requests: "2", interval: "1m" });
    const answers = await guards.acquire(policy, [oneTurn, oneTurn, oneTurn], 0);
    expect(answers.answers.map(({ kind }) => kind)).toEqual(["granted", "park", "park"]);
    expect(await guards.read("mail")).toMatchObject({
      limiter: { limit: { requests: 2, intervalMs: 60_000 }, configured: policy.limit },
    });
    await redis.raw.hset(keys.limit, { requests: "600" });
    clock.advance(60_000);
    expect(await turns(300)).toHaveLength(300);
  });

  it("gives way to the policy's when it can't be read", async () => {
    await guards.configure(policy);
    for (const garbage of ["nan", "inf", "-1", "0", "", "many", "1e999"]) {
      await redis.raw.hset(keys.limit, { requests: garbage });
      await guards.acquire(policy, [oneTurn], 0);
      expect(await redis.raw.hget(keys.limit, "requests")).toBe("10");
    }
    for (const garbage of ["10", "s", "-1s", "1d", "1 s", ""]) {
      await redis.raw.hset(keys.limit, { interval: garbage });
      await guards.acquire(policy, [oneTurn], 0);
      expect(await redis.raw.hget(keys.limit, "interval")).toBe("1s");
    }
  });
});

describe("what others wrote into the keys", () => {
  const garbage = ["", "x,y", "nan", "-inf", "1e400", "0x", "\u0000\uffff", "9".repeat(400)];

  it.each(garbage)("%j in every field makes no step fail", async (text) => {
    const fields = [
      "state,version,failure_count,success_count,opened_at,retry_at,closed_at,is_forced,w:1,w:x,probe:,probe:x",
      "requests,interval,configured_requests,configured_interval,operator_requests,operator_interval,source,learned_at",
      "next_at,shift_ms,hold_until,park_at,tokens,total_calls,cost,successful_calls",
      "message,balance,usage,usage_today,usage_month,last_check,checked_at,consecutive_failures,credits_level",
    ].flatMap((names) => names.split(","));
    const nonsense = Object.fromEntries(fields.map((field) => [field, text]));
    for (const state of ["CLOSED", "OPEN", "HALF_OPEN", text]) {
      for (const key of hashKeys()) await redis.raw.hset(key, { ...nonsense, state });
      await redis.raw.hset(keys.limit, { source: "learned" });
      await everyStep();
    }
  });

  it("keys of another type make no step fail, and give way", async () => {
    for (const key of [...hashKeys(), keys.creditsHistory, `${prefix}services:index`])
      await redis.raw.set(key, "text");
    await redis.raw.rpush(keys.check, "list");
    await everyStep();
    expect(await redis.raw.type(keys.breaker)).toBe("hash");
    expect(await redis.raw.type(keys.bucket)).toBe("hash");
    expect(await redis.raw.type(`${prefix}services:index`)).toBe("set");
    const answers = await guards.acquire(policy, Array(20).fill(oneTurn), 0);
    expect(answers.answers.filter(({ kind }) => kind === "granted").length).toBeLessThan(11);
  });

  it("thousands of fields make no step fail, and go in time", async () => {
    await guards.configure(policy);
    const pipeline = redis.raw.pipeline();
    for (let field = 0; field < 10_000; field++) {
      pipeline.hset(keys.breaker, `w:${field}`, "1/1", `probe:${field}`, "1");
    }
    await pipeline.exec();
    for (const state of ["HALF_OPEN", "CLOSED"]) {
      await redis.raw.hset(keys.breaker, "state", state);
      const [turn = ""] = await turns(1);
      await guards.record(policy, [callRecord(turn, { outcome: "ignored" })]);
    }
    const { breaker } = (await guards.read("mail")) ?? {};
    expect(breaker).toMatchObject({ state: "CLOSED", failures: 0, successes: 0 });
    expect(await redis.raw.hlen(keys.breaker)).toBeLessThan(18_100);
  });

  it("turns that are none make no step fail", async () => {
    const strange = ["", ",,,", "x", "nan,inf,-inf,1e400,0,0,0,0,x,p", ",".repeat(40), "9".repeat(1_000)];
    await guards.confirm(tokenPolicy, strange, 100);
    await guards.cancel(tokenPolicy, strange);
    const calls = strange.map((turn) => callRecord(turn, { outcome: "failure", tokensUsed: 5 }));
    expect(await guards.record(tokenPolicy, calls)).toMatchObject({ state: "CLOSED", failures: 0 });
  });

  function hashKeys(): string[] {
    const { breaker, limit, bucket, tokenBucket, state, credits } = keys;
    const day = redisKeys(prefix).serviceMetrics("mail", "2026-01-01");
    return [breaker, limit, bucket, tokenBucket, state, credits, day];
  }

  async function everyStep(): Promise<void> {
    await guards.list();
    await guards.read("mail");
    const { answers } = await guards.acquire(tokenPolicy, [oneTurn, oneTurn], 1_000);
    expect(answers).toHaveLength(2);
    const held = answers.flatMap((answer) => (answer.kind === "park" ? [] : [answer.turn]));
    await guards.confirm(tokenPolicy, held, 1_000);
    await guards.cancel(tokenPolicy, held);
    const learnedLimit = { requests: 1, intervalMs: 1_000 };
    const call = { tokensUsed: 5, holdMs: 10, learnedLimit, serviceState: "active", cost: 1 };
    await guards.record(tokenPolicy, [callRecord(held[0] ?? "", call)]);
    const check = {
      state: "active",
      message: "",
      errorDetails: "x",
      balance: 1,
      usageToday: null,
      usageMonth: null,
    };
    await stores.services.writeCheck("mail", check, { warning: 10, critical: 5 });
    expect(await stores.services.readState("mail")).toMatchObject({ state: "active", balance: 1 });
    expect(await stores.services.metrics("mail", 1)).toHaveLength(1);
    expect(await stores.services.creditsHistory("mail")).toHaveLength(1);
    await stores.services.beginCheck("mail", 10);
    await stores.services.endCheck("mail");
    await guards.changeLimit("mail", { requests: 9, intervalMs: 1_000 });
    await guards.forceOpen("mail");
    expect(await guards.reset("mail")).toMatchObject({ state: "CLOSED", failures: 0 });
    await guards.configure(tokenPolicy);
    expect(await guards.read("mail")).toMatchObject({ breaker: { state: "CLOSED" } });
  }
});

/** What is told on the channel `service-updates`, as others read it there and as our own listeners do. */
import type { ServiceEvent, ServiceGuards, Stores } from "@workstream/core";
import { testClock, until } from "@workstream/testing";
import { Redis } from "ioredis";
import { beforeEach, describe, expect, it } from "vitest";
import { callRecord, guardPolicy, oneTurn, turnsOf } from "./guard-policy.fixture.ts";
import { freshPrefix, useRedis } from "./redis-test.fixture.ts";
import { readServiceEvents } from "./service-events.ts";

const redis = useRedis();
const policy = guardPolicy();
const clock = testClock();
const timestamp = clock.now();

let prefix: string;
let stores: Stores;
let guards: ServiceGuards;
let messages: { type: string }[][];

/** Listens as another program would. */
beforeEach(async () => {
  prefix = freshPrefix();
  stores = await redis.open({ prefix, now: clock.now });
  guards = stores.guards;
  messages = [];
  const listener = new Redis(redis.server.url);
  await listener.subscribe(`${prefix}service-updates`);
  listener.on("message", (_, message: string) => messages.push(JSON.parse(message)));
  return () => listener.disconnect();
});

async function records(...calls: Parameters<typeof callRecord>[1][]): Promise<void> {
  const turns = turnsOf(await guards.acquire(policy, Array(calls.length).fill(oneTurn), 2_000));
  await guards.record(
    policy,
    turns.map((turn, index) => callRecord(turn, calls[index])),
  );
}

async function told(type: string): Promise<object[]> {
  await until(type, () => messages.flat().some((event) => event.type === type));
  return messages.flat().filter((event) => event.type === type);
}

describe("service-updates", () => {
  it("tells each change of a breaker", async () => {
    await records(...Array(4).fill({ outcome: "failure" }));
    await guards.forceOpen("mail");
    await guards.reset("mail");
    await until("three changes", () => messages.flat().length >= 4);
    const common = { type: "circuit_breaker_changed", service: "mail", timestamp };
    expect(await told("circuit_breaker_changed")).toEqual([
      { ...common, old_state: "CLOSED", new_state: "OPEN", version: 1, retry_at: timestamp + 30_000 },
      { ...common, old_state: "OPEN", new_state: "OPEN", version: 2, retry_at: null },
      { ...common, old_state: "OPEN", new_state: "CLOSED", version: 3, retry_at: null },
    ]);
  });

  it("tells a hold once, and the limit that came with it in the same message", async () => {
    await guards.configure(policy);
    const learnedLimit = { requests: 4, intervalMs: 1_500 };
    await records({ holdMs: 5_000, learnedLimit }, { holdMs: 5_000 }, { holdMs: 4_000 });
    const hold = { type: "service_held", service: "mail", hold_until: timestamp + 5_000, timestamp };
    expect(await told("service_held")).toEqual([hold]);
    const limit = { requests: 4, interval_ms: 1_500 };
    expect(messages.find((message) => message.length === 2)).toEqual([
      hold,
      { type: "rate_limit_changed", service: "mail", limit, timestamp },
    ]);
  });

  it("tells a changed limit, and says nothing when it stays", async () => {
    await guards.configure(policy);
    await guards.configure(policy);
    await guards.changeLimit("mail", { requests: 10, intervalMs: 1_000 });
    await guards.changeLimit("mail", { requests: 3, intervalMs: 60_000 });
    await until("two changes", () => messages.length === 2);
    const common = { type: "rate_limit_changed", service: "mail", timestamp };
    expect(messages.flat()).toEqual([
      { ...common, limit: { requests: 10, interval_ms: 1_000 } },
      { ...common, limit: { requests: 3, interval_ms: 60_000 } },
    ]);
  });

  it("tells each level of credits once", async () => {
    const check = { state: "active", message: "", errorDetails: null, usageToday: null, usageMonth: null };
    for (const balance of [12, 9.5, 9, 4, 9, 4, 12, 3]) {
      await stores.services.writeCheck("mail", { ...check, balance }, { warning: 10, critical: 5 });
    }
    await until("four levels", () => messages.length === 4);
    const common = { type: "credits_low", service: "mail", timestamp };
    expect(messages.flat()).toEqual([
      { ...common, level: "warning", balance: 9.5 },
      { ...common, level: "critical", balance: 4 },
      { ...common, level: "critical", balance: 4 },
      { ...common, level: "critical", balance: 3 },
    ]);
  });
});

describe("subscribe", () => {
  it("hears what other processes did, under its own prefix only", async () => {
    const other = await redis.open({ prefix, now: clock.now });
    const stranger = await redis.open({ now: clock.now });
    const heard: ServiceEvent[] = [];
    const feed = await guards.subscribe({ onEvent: (event) => heard.push(event), onGap() {} });
    await stranger.guards.forceOpen("mail");
    await other.guards.forceOpen("mail");
    await until("the event", () => heard.length > 0);
    expect(heard).toEqual([
      {
        type: "circuit_breaker_changed",
        service: "mail",
        oldState: "CLOSED",
        newState: "OPEN",
        version: 1,
        retryAt: null,
        at: timestamp,
      },
    ]);
    await feed.close();
    await other.guards.reset("mail");
    await until("the reset", () =>
      messages.flat().some((event) => "new_state" in event && event.new_state === "CLOSED"),
    );
    expect(heard).toHaveLength(1);
  });

  it("is told of a gap after the connection was lost", async () => {
    let gaps = 0;
    const feed = await guards.subscribe({ onEvent() {}, onGap: () => gaps++ });
    await redis.raw.call("CLIENT", "KILL", "TYPE", "pubsub");
    await until("the gap", () => gaps > 0);
    expect(gaps).toBe(1);
    await feed.close();
  });

  it.each(["not JSON", "7", "null", "{}", '[{"type":"unheard_of"},7,null,[]]'])(
    "reads nothing in a message that is not ours: %s",
    (message) => {
      expect(readServiceEvents(message)).toEqual([]);
    },
  );

  it("reads every kind of event", () => {
    const wire = [
      { type: "service_held", service: "a", hold_until: 7, timestamp: 1 },
      { type: "rate_limit_changed", service: "a", limit: { requests: 2, interval_ms: 3 }, timestamp: 1 },
      { type: "credits_low", service: "a", level: "critical", balance: 0.5, timestamp: 1 },
    ];
    expect(readServiceEvents(JSON.stringify(wire))).toEqual([
      { type: "service_held", service: "a", holdUntil: 7, at: 1 },
      { type: "rate_limit_changed", service: "a", limit: { requests: 2, intervalMs: 3 }, at: 1 },
      { type: "credits_low", service: "a", level: "critical", balance: 0.5, at: 1 },
    ]);
  });
});

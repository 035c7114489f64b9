import type { ServiceEvent } from "@workstream/core";
import { expect, it } from "vitest";
import { systemClock } from "../clock.ts";
import { defineService } from "../definition/define-service.ts";
import { type Logger, silentLogger } from "../logger.ts";
import { ScriptedGuards } from "./guards.fixture.ts";
import { Guards } from "./guards.ts";

const at = Date.UTC(2026, 0, 31, 12);
const change = { type: "circuit_breaker_changed", service: "model", version: 1, retryAt: null, at } as const;

async function logOf(event: ServiceEvent): Promise<unknown[][]> {
  const lines: unknown[][] = [];
  const write = (level: string) => (facts: Record<string, unknown>, message: string) =>
    void lines.push([level, facts, message]);
  const logger: Logger = { ...silentLogger, info: write("info"), warn: write("warn") };
  const store = new ScriptedGuards();
  const guards = new Guards({ guards: store, clock: systemClock, logger }, [
    defineService({ name: "model" }),
  ]);
  await guards.runOnce();
  store.listener?.onEvent(event);
  await guards.close(new Error("end"));
  return lines;
}

it.each<[ServiceEvent, ...unknown[]]>([
  [
    { ...change, oldState: "CLOSED", newState: "OPEN", retryAt: at + 60_000 },
    "warn",
    { service: "model", triesAgainAt: "2026-01-31T12:01:00.000Z" },
    "the circuit breaker opened: what needs the service waits",
  ],
  [
    { ...change, oldState: "CLOSED", newState: "OPEN" },
    "warn",
    { service: "model" },
    "an operator opened the circuit breaker: what needs the service waits until it is reset",
  ],
  [
    { ...change, oldState: "HALF_OPEN", newState: "OPEN", retryAt: at + 60_000 },
    "info",
    { service: "model", triesAgainAt: "2026-01-31T12:01:00.000Z" },
    "a trial call failed: the circuit breaker stays open",
  ],
  [
    { ...change, oldState: "OPEN", newState: "HALF_OPEN" },
    "info",
    { service: "model" },
    "the circuit breaker lets a few calls try",
  ],
  [
    { ...change, oldState: "HALF_OPEN", newState: "CLOSED" },
    "info",
    { service: "model" },
    "the circuit breaker closed",
  ],
  [
    { type: "service_held", service: "model", holdUntil: at, at },
    "warn",
    { service: "model", until: "2026-01-31T12:00:00.000Z" },
    "the service asked for no calls until then",
  ],
  [
    { type: "rate_limit_changed", service: "model", limit: { requests: 20, intervalMs: 60_000 }, at },
    "info",
    { service: "model", requests: 20, intervalMs: 60_000 },
    "another rate limit is in force",
  ],
  [
    { type: "credits_low", service: "model", level: "critical", balance: 4.5, at },
    "warn",
    { service: "model", credits: "critical", balance: 4.5 },
    "the service's credits run low",
  ],
])("logs what happens to a service: %j", async (event, ...line) => {
  expect(await logOf(event)).toEqual([line]);
});

it("says nothing of a service that nobody here calls", async () => {
  const event = { ...change, service: "mail", oldState: "CLOSED", newState: "OPEN" } as const;
  expect(await logOf(event)).toEqual([]);
});

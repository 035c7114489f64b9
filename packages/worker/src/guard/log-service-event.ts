import type { ServiceEvent } from "@workstream/core";
import type { Logger } from "../logger.ts";

type BreakerChange = Extract<ServiceEvent, { type: "circuit_breaker_changed" }>;
type LogLine = { level: "info" | "warn"; facts?: Record<string, unknown>; message: string };

/** For whoever reads the log to learn why tasks wait: while they are parked, they say nothing themselves. */
export function logServiceEvent(logger: Logger, event: ServiceEvent): void {
  const { level, facts, message } = lineOf(event);
  logger[level]({ service: event.service, ...facts }, message);
}

function lineOf(event: ServiceEvent): LogLine {
  switch (event.type) {
    case "circuit_breaker_changed":
      return breakerLine(event);
    case "service_held": {
      const facts = { until: instantOf(event.holdUntil) };
      return { level: "warn", facts, message: "the service asked for no calls until then" };
    }
    case "rate_limit_changed":
      return { level: "info", facts: event.limit, message: "another rate limit is in force" };
    case "credits_low": {
      // `level` would be taken for the line's own.
      const facts = { credits: event.level, balance: event.balance };
      return { level: "warn", facts, message: "the service's credits run low" };
    }
  }
}

function breakerLine({ oldState, newState, retryAt }: BreakerChange): LogLine {
  if (newState === "CLOSED") return { level: "info", message: "the circuit breaker closed" };
  if (newState === "HALF_OPEN") return { level: "info", message: "the circuit breaker lets a few calls try" };
  if (retryAt === null) {
    const message = "an operator opened the circuit breaker: what needs the service waits until it is reset";
    return { level: "warn", message };
  }
  const facts = { triesAgainAt: instantOf(retryAt) };
  if (oldState === "HALF_OPEN") {
    return { level: "info", facts, message: "a trial call failed: the circuit breaker stays open" };
  }
  return { level: "warn", facts, message: "the circuit breaker opened: what needs the service waits" };
}

function instantOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

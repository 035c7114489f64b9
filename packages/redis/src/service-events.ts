/** What happens to services, as the scripts publish it on `service-updates` (lua/lib/service-events.lua). */
import type { BreakerState, ServiceEvent } from "@workstream/core";

type WireEvent = { service: string; timestamp: number } & (
  | {
      type: "circuit_breaker_changed";
      old_state: BreakerState["state"];
      new_state: BreakerState["state"];
      version: number;
      retry_at: number | null;
    }
  | { type: "service_held"; hold_until: number }
  | { type: "rate_limit_changed"; limit: { requests: number; interval_ms: number } }
  | { type: "credits_low"; level: "warning" | "critical"; balance: number }
);

/** Nothing for a message, or an event in it, that is not ours. */
export function readServiceEvents(message: string): ServiceEvent[] {
  try {
    const events = JSON.parse(message) as (WireEvent | null)[];
    return events.map(readEvent).filter((event) => event !== null);
  } catch {
    return [];
  }
}

function readEvent(event: WireEvent | null): ServiceEvent | null {
  if (event === null) return null;
  const common = { service: event.service, at: event.timestamp };
  switch (event.type) {
    case "circuit_breaker_changed":
      return {
        type: event.type,
        ...common,
        oldState: event.old_state,
        newState: event.new_state,
        version: event.version,
        retryAt: event.retry_at,
      };
    case "service_held":
      return { type: event.type, ...common, holdUntil: event.hold_until };
    case "rate_limit_changed": {
      const { requests, interval_ms: intervalMs } = event.limit;
      return { type: event.type, ...common, limit: { requests, intervalMs } };
    }
    case "credits_low":
      return { type: event.type, ...common, level: event.level, balance: event.balance };
    default:
      return null;
  }
}

import { describe, expect, it } from "vitest";
import { queueEventSchema, toHeartbeat, toServiceEvent, toStatusEvent, toTaskEvent } from "./queue-event.ts";

const status = {
  queues: { primary: 1, retry: 0, scheduled: 0, dlq: 0 },
  states: { PENDING: 1, ACTIVE: 0, COMPLETED: 0, FAILED: 0, SCHEDULED: 0, DLQ: 0, CANCELLED: 0 },
  retryRatio: 0.3,
};
const change = { id: "t1", type: "summarize", at: Date.UTC(2026, 0, 31) };

describe("queue events", () => {
  it("are what the contract says", () => {
    const counts = {
      queue_depths: status.queues,
      state_counts: status.states,
      timestamp: "2026-01-31T00:00:00.000Z",
    };
    const events = [
      toStatusEvent("initial_status", status, change.at),
      toTaskEvent({ ...change, oldState: null, newState: "PENDING" }, status),
      toTaskEvent({ ...change, oldState: "PENDING", newState: "ACTIVE" }, status),
      toHeartbeat(change.at),
    ];
    expect(events).toEqual([
      { type: "initial_status", ...counts, retry_ratio: 0.3 },
      { type: "task_created", task_id: "t1", task_type: "summarize", ...counts },
      {
        type: "task_state_changed",
        task_id: "t1",
        task_type: "summarize",
        old_state: "PENDING",
        new_state: "ACTIVE",
        ...counts,
      },
      { type: "heartbeat", timestamp: counts.timestamp },
    ]);
    for (const event of events) expect(queueEventSchema.parse(event)).toEqual(event);
  });

  it("show a deletion in the counts alone", () => {
    expect(toTaskEvent({ ...change, oldState: "PENDING", newState: null }, status)).toBeNull();
  });

  it("tell of breakers and credits, and leave holds and limits to those who ask", () => {
    const { at } = change;
    const opened = toServiceEvent({
      type: "circuit_breaker_changed",
      service: "openrouter",
      oldState: "HALF_OPEN",
      newState: "OPEN",
      version: 4,
      retryAt: at + 60_000,
      at,
    });
    expect(queueEventSchema.parse(opened)).toEqual({
      type: "circuit_breaker_changed",
      service: "openrouter",
      old_state: "half-open",
      new_state: "open",
      retry_at: "2026-01-31T00:01:00.000Z",
      timestamp: "2026-01-31T00:00:00.000Z",
    });
    const low = toServiceEvent({
      type: "credits_low",
      service: "openrouter",
      level: "warning",
      balance: 9,
      at,
    });
    expect(queueEventSchema.parse(low)).toMatchObject({ type: "credits_low", level: "warning", balance: 9 });
    expect(toServiceEvent({ type: "service_held", service: "openrouter", holdUntil: at, at })).toBeNull();
  });
});

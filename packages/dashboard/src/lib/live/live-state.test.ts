import type { QueueEvent } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { applyEvent, type LiveStatus, maxTaskNews, newBatch } from "./live-state.ts";
import { parseQueueEvent } from "./queue-event.ts";

const states = { PENDING: 3, ACTIVE: 1, COMPLETED: 0, FAILED: 0, SCHEDULED: 0, DLQ: 0, CANCELLED: 0 };
const counts = {
  queue_depths: { primary: 3, retry: 0, scheduled: 0, dlq: 0 },
  state_counts: states,
  timestamp: "2026-01-01T00:00:00.000Z",
};
const known: LiveStatus = { queues: {}, states, retryRatio: 0.2, toldAt: 0 };

describe("applyEvent", () => {
  it("takes the counts of a status", () => {
    const batch = applyEvent(newBatch(), { type: "queue_update", ...counts, retry_ratio: 0.3 }, null);
    expect(batch.status).toEqual({
      queues: counts.queue_depths,
      states,
      retryRatio: 0.3,
      toldAt: Date.parse(counts.timestamp),
    });
  });

  it("takes the counts that come with a task, and keeps the retry ratio it knows", () => {
    const event: QueueEvent = { type: "task_created", task_id: "a", task_type: "summarize", ...counts };
    const batch = applyEvent(newBatch(), event, known);
    expect(batch.status?.retryRatio).toBe(0.2);
    expect(batch.tasks).toEqual([{ taskId: "a", taskType: "summarize", from: null, to: "PENDING" }]);
  });

  it("bounds the news of tasks, never the counts", () => {
    const event: QueueEvent = {
      type: "task_state_changed",
      task_id: "a",
      task_type: "summarize",
      old_state: "PENDING",
      new_state: "ACTIVE",
      ...counts,
    };
    let batch = newBatch();
    for (let count = 0; count < maxTaskNews + 10; count++) batch = applyEvent(batch, event, known);
    expect(batch.tasks).toHaveLength(maxTaskNews);
    expect(batch.status?.states).toEqual(states);
  });

  it("collects what services tell", () => {
    const event: QueueEvent = {
      type: "circuit_breaker_changed",
      service: "openrouter",
      old_state: "closed",
      new_state: "open",
      retry_at: null,
      timestamp: counts.timestamp,
    };
    expect(applyEvent(newBatch(), event, null).services).toEqual([event]);
  });
});

describe("parseQueueEvent", () => {
  it("takes what the gateway sends", () => {
    expect(parseQueueEvent({ type: "heartbeat", timestamp: counts.timestamp })).not.toBeNull();
    expect(parseQueueEvent({ type: "initial_status", ...counts, retry_ratio: 0.3 })).not.toBeNull();
  });

  it.each([null, "text", {}, { type: "brand_new" }, { type: "queue_update", ...counts }])(
    "refuses %j",
    (value) => {
      expect(parseQueueEvent(value)).toBeNull();
    },
  );
});

import type { QueueStatus, TaskChange } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { EventThinner } from "./event-thinner.ts";

function status(primary: number): QueueStatus {
  return {
    queues: { primary, retry: 0, scheduled: 0, dlq: 0 },
    states: { PENDING: primary, ACTIVE: 0, COMPLETED: 0, FAILED: 0, SCHEDULED: 0, DLQ: 0, CANCELLED: 0 },
    retryRatio: 0.3,
  };
}

function created(id: number): TaskChange {
  return { id: `t${id}`, type: "summarize", oldState: null, newState: "PENDING", at: id };
}

describe("EventThinner", () => {
  it("hands out task events, each with its own counts, and the newest counts last", () => {
    const thinner = new EventThinner(10);
    thinner.add({ changes: [created(1)], status: status(1), at: 1 });
    thinner.add({ changes: [created(2)], status: status(2), at: 2 });
    const events = thinner.take();
    expect(events.map(({ type }) => type)).toEqual(["task_created", "task_created", "queue_update"]);
    expect(events).toMatchObject([
      { task_id: "t1", queue_depths: { primary: 1 } },
      { task_id: "t2", queue_depths: { primary: 2 } },
      { queue_depths: { primary: 2 } },
    ]);
    expect(thinner.take()).toEqual([]);
  });

  it("thins a burst to the newest task events and keeps the final counts", () => {
    const thinner = new EventThinner(3);
    for (let id = 1; id <= 50; id += 2) {
      thinner.add({ changes: [created(id), created(id + 1)], status: status(id + 1), at: id });
    }
    const events = thinner.take();
    expect(events).toMatchObject([
      { task_id: "t48" },
      { task_id: "t49" },
      { task_id: "t50" },
      { type: "queue_update", state_counts: { PENDING: 50 } },
    ]);
  });

  it("says nothing of counts that are shown already, in whatever order they are listed", () => {
    const thinner = new EventThinner(3);
    const { queues, ...rest } = status(4);
    thinner.show(status(4));
    thinner.add({
      changes: [],
      status: { ...rest, queues: Object.fromEntries(Object.entries(queues).reverse()) },
      at: 1,
    });
    expect(thinner.take()).toEqual([]);
  });
});

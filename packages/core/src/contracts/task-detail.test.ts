import { describe, expect, it } from "vitest";
import type { Task } from "../task.ts";
import { taskDetailSchema, taskSummarySchema, toTaskDetail, toTaskSummary } from "./task-detail.ts";

const createdAt = Date.UTC(2026, 0, 31, 12);

const task: Task = {
  id: "t1",
  type: "summarize",
  queue: "primary",
  priority: "normal",
  state: "PENDING",
  contentKind: "text",
  content: "text",
  contentLength: 4,
  metadata: {},
  retryCount: 0,
  maxRetries: 3,
  lostCount: 0,
  lastError: null,
  errorType: null,
  errorGroup: null,
  retryAfterAt: null,
  createdAt,
  updatedAt: createdAt,
  startedAt: null,
  completedAt: null,
  expiresAt: null,
  timeoutMs: null,
  result: null,
  hasResult: false,
  progress: null,
  workerId: null,
  parkedFor: null,
  parkedWhy: null,
  errorHistory: [],
  stateHistory: [{ state: "PENDING", at: createdAt }],
};

describe("TaskDetail", () => {
  it("has null for what is absent, and every field of the contract", () => {
    const detail = toTaskDetail(task);
    expect(taskDetailSchema.encode(detail)).toEqual(detail);
    expect(detail).toEqual({
      task_id: "t1",
      state: "PENDING",
      task_type: "summarize",
      queue: "primary",
      priority: "normal",
      content: "text",
      metadata: {},
      retry_count: 0,
      max_retries: 3,
      last_error: null,
      error_type: null,
      error_group: null,
      retry_after: null,
      created_at: "2026-01-31T12:00:00.000Z",
      updated_at: "2026-01-31T12:00:00.000Z",
      started_at: null,
      completed_at: null,
      result: null,
      progress: null,
      worker_id: null,
      error_history: [],
      state_history: [{ state: "PENDING", timestamp: "2026-01-31T12:00:00.000Z" }],
    });
  });

  it("has progress as the handler reported it, and instants in ISO 8601", () => {
    const detail = toTaskDetail({
      ...task,
      progress: '{"percent":40}',
      retryAfterAt: createdAt + 1,
      errorHistory: [
        {
          at: createdAt,
          error: "it broke",
          errorType: "Default",
          retryCount: 0,
          stateTransition: "ACTIVE → SCHEDULED",
          workerId: "w",
        },
      ],
    });
    expect(detail.progress).toEqual({ percent: 40 });
    expect(detail.retry_after).toBe("2026-01-31T12:00:00.001Z");
    expect(detail.error_history[0]).toEqual({
      timestamp: "2026-01-31T12:00:00.000Z",
      error: "it broke",
      error_type: "Default",
      retry_count: 0,
      state_transition: "ACTIVE → SCHEDULED",
      worker_id: "w",
    });
  });

  it("has the length instead of the content in a summary", () => {
    const summary = toTaskSummary({ ...task, content: null, hasResult: true });
    expect(taskSummarySchema.encode(summary)).toEqual(summary);
    expect(summary).toMatchObject({ content_length: 4, has_result: true });
    expect(summary).not.toHaveProperty("content");
    expect(summary).not.toHaveProperty("result");
  });
});

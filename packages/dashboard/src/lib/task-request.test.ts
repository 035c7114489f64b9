import type { TaskDetail } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { inputOf, requestOf } from "./task-request.ts";

function task(more: Partial<TaskDetail>): TaskDetail {
  return {
    task_id: "a",
    state: "COMPLETED",
    task_type: "report",
    queue: "primary",
    priority: "normal",
    content: "{}",
    metadata: {},
    retry_count: 0,
    max_retries: 3,
    last_error: null,
    error_type: null,
    error_group: null,
    retry_after: null,
    created_at: "2026-01-01T00:00:00.000Z",
    updated_at: "2026-01-01T00:00:00.000Z",
    started_at: null,
    completed_at: null,
    result: null,
    progress: null,
    worker_id: null,
    error_history: [],
    state_history: [],
    ...more,
  };
}

describe("inputOf", () => {
  it.each([
    ["summarize", "[1] Bees fly.", "[1] Bees fly."],
    ["summarize", '{"content":"Bees"}', { content: "Bees" }],
    ["report", '{"pages":3}', { pages: 3 }],
    ["report", "plain", "plain"],
  ])("reads the input of %s %j", (task_type, content, input) => {
    expect(inputOf(task({ task_type, content }))).toEqual(input);
  });
});

describe("requestOf", () => {
  it("keeps what is not the usual", () => {
    const request = requestOf(task({ content: '{"pages":3}', priority: "high", metadata: { source: "a" } }));
    expect(request).toEqual({
      type: "report",
      options: { priority: "high", metadata: { source: "a" } },
      body: { kind: "json", input: { pages: 3 } },
    });
  });

  it("sends an uploaded file as one, without what the gateway noted of it", () => {
    const metadata = {
      filename: "a.pdf",
      file_size: 10,
      content_type: "application/pdf",
      issue_date: "2026-03-01",
      mine: 1,
    };
    expect(requestOf(task({ task_type: "pdfxtract", content: "a.pdf", metadata }))).toEqual({
      type: "pdfxtract",
      options: { metadata: { mine: 1 } },
      body: { kind: "file", filename: "a.pdf", fields: { issue_date: "2026-03-01" } },
    });
  });
});

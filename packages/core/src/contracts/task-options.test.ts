import { describe, expect, it } from "vitest";
import { summarizeRequestSchema, typedTaskRequestSchema, uploadFieldsSchema } from "./create-task.ts";
import { maxMetadataBytes } from "./task-options.ts";

function pointersOf(options: Record<string, unknown>): string[] {
  const parsed = typedTaskRequestSchema.safeParse({ input: 1, ...options });
  return (parsed.error?.issues ?? []).map((issue) => issue.path.join("/"));
}

describe("task options", () => {
  it("takes every option, and reads run_at as epoch ms", () => {
    const options = {
      queue: "reports-2",
      priority: "high",
      run_at: "2026-01-31T12:00:00Z",
      max_retries: 0,
      timeout_seconds: 0.5,
      idempotency_key: "k",
      metadata: { a: [1] },
      expires_in_seconds: 60,
    };
    const parsed = typedTaskRequestSchema.parse({ input: null, ...options });
    expect(parsed).toEqual({ input: null, ...options, run_at: Date.UTC(2026, 0, 31, 12) });
  });

  it("takes null for absent", () => {
    expect(pointersOf({ queue: null, delay_seconds: null, run_at: "2026-01-01", metadata: null })).toEqual(
      [],
    );
  });

  it.each([
    ["queue", "dlq"],
    ["queue", "Upper"],
    ["queue", ""],
    ["priority", "urgent"],
    ["delay_seconds", -1],
    ["delay_seconds", 31_536_001],
    ["run_at", "tomorrow"],
    ["max_retries", 101],
    ["max_retries", 1.5],
    ["timeout_seconds", 0],
    ["idempotency_key", ""],
    ["idempotency_key", "x".repeat(256)],
    ["metadata", [1]],
    ["metadata", { a: "x".repeat(maxMetadataBytes) }],
    ["expires_in_seconds", 0],
  ])("refuses %s %j", (field, value) => {
    expect(pointersOf({ [field]: value })).toEqual([field]);
  });

  it("refuses delay_seconds together with run_at", () => {
    expect(pointersOf({ delay_seconds: 1, run_at: "2026-01-01" })).toEqual(["run_at"]);
  });

  it("reads the same options from the text of a form", () => {
    const fields = { max_retries: "2", delay_seconds: "1.5", metadata: '{"a":1}', issue_date: "2026-02-28" };
    expect(uploadFieldsSchema.parse(fields)).toEqual({
      max_retries: 2,
      delay_seconds: 1.5,
      metadata: { a: 1 },
      issue_date: "2026-02-28",
    });
    expect(uploadFieldsSchema.safeParse({ issue_date: "28.2.2026" }).success).toBe(false);
    expect(uploadFieldsSchema.safeParse({ max_retries: "many" }).success).toBe(false);
    expect(uploadFieldsSchema.safeParse({ unknown: "1" }).success).toBe(false);
  });

  it("refuses a blank text, and ignores fields it doesn't know, on summarize", () => {
    expect(summarizeRequestSchema.safeParse({ content: " \n\t" }).success).toBe(false);
    expect(summarizeRequestSchema.parse({ content: "x", unknown: 1 })).toEqual({ content: "x" });
  });
});

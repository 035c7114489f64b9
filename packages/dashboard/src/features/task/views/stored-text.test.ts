import { describe, expect, it } from "vitest";
import { readResult, readStoredText } from "./stored-text.ts";

const summary = {
  summary: "Bees matter.",
  method: "extractive",
  language: "en",
  sentences_in: 4,
  sentences_out: 1,
  is_truncated: false,
  fallback_reason: null,
  model: null,
  prompt_tokens: null,
  completion_tokens: null,
  cost: null,
  parts: null,
};
const pdf = {
  filename: "a.pdf",
  issue_date: "unknown",
  pages: [{ page_number: 1, status: "skipped", reason: "blank page", articles: [] }],
  method: "text_layer",
  model: null,
  prompt_tokens: null,
  completion_tokens: null,
  cost: null,
};

describe("readStoredText", () => {
  it.each([
    [null, { kind: "none" }],
    ["plain", { kind: "text", text: "plain" }],
    ["42", { kind: "text", text: "42" }],
    ["[note] this is no JSON", { kind: "text", text: "[note] this is no JSON" }],
    ['{"a":1}', { kind: "json", value: { a: 1 } }],
    ["[1]", { kind: "json", value: [1] }],
  ])("reads %j", (text, stored) => {
    expect(readStoredText(text)).toEqual(stored);
  });
});

describe("readResult", () => {
  it("knows what the built-in types answer", () => {
    expect(readResult("summarize", JSON.stringify(summary))).toEqual({ kind: "summary", summary });
    expect(readResult("pdfxtract", JSON.stringify(pdf))).toEqual({ kind: "pdf", pdf });
  });

  it("shows as JSON what another type answers in the same shape", () => {
    expect(readResult("mine", JSON.stringify(summary))).toEqual({ kind: "json", value: summary });
  });

  it("shows as JSON what does not look like it should", () => {
    expect(readResult("summarize", '{"summary":1}')).toEqual({ kind: "json", value: { summary: 1 } });
  });
});

import { describe, expect, it } from "vitest";
import { suggestionsAt, withSuggestion } from "./search-suggestions.ts";

const known = { types: ["summarize", "send-invoice", "geocode"], queues: ["primary", "retry", "dlq"] };
const texts = (text: string, caret = text.length) =>
  suggestionsAt(text, caret, known).options.map((option) => option.text);

describe("suggestionsAt", () => {
  it("offers every qualifier in an empty box", () => {
    expect(texts("")).toEqual(["status:", "type:", "queue:", "error:", "group:", "id:", "created:"]);
  });

  it("leaves out those that stand already", () => {
    expect(texts("status:dlq ")).not.toContain("status:");
  });

  it("offers qualifiers and values that begin like a word", () => {
    expect(texts("s")).toEqual([
      "status:",
      "status:scheduled",
      "type:summarize",
      "type:send-invoice",
      "error:ServiceUnavailable",
    ]);
    expect(texts("geo")).toEqual(["type:geocode"]);
  });

  it("offers values, those first that begin as typed", () => {
    expect(texts("status:")).toHaveLength(7);
    expect(texts("status:e")[0]).toBe("status:pending");
    expect(texts("type:s")).toEqual(["type:summarize", "type:send-invoice"]);
    expect(texts("type:in")).toEqual(["type:send-invoice"]);
  });

  it("looks at the word under the caret, not at the last one", () => {
    expect(texts("status:d type:geo", 8)).toContain("status:dlq");
  });

  it("has nothing to offer for what it does not know", () => {
    expect(texts("xyz:1")).toEqual([]);
    expect(texts("id:019f")).toEqual([]);
  });
});

describe("withSuggestion", () => {
  it("puts a value in the place of the word, with room for the next one", () => {
    const text = "status:d type:geocode";
    const suggestions = suggestionsAt(text, 8, known);
    const chosen = suggestions.options.find((option) => option.text === "status:dlq");
    expect(chosen && withSuggestion(text, suggestions, chosen)).toEqual({
      text: "status:dlq type:geocode",
      caret: 11,
    });
  });

  it("leaves the caret behind the colon of a qualifier", () => {
    const suggestions = suggestionsAt("st", 2, known);
    const [chosen] = suggestions.options;
    expect(chosen && withSuggestion("st", suggestions, chosen)).toEqual({ text: "status:", caret: 7 });
  });
});

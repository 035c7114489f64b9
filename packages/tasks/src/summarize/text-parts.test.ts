import { describe, expect, it } from "vitest";
import { splitIntoParts } from "./text-parts.ts";

const countTokens = (text: string) => Math.ceil(text.length / 4);
const split = (text: string, maxTokens: number, language = "en") =>
  splitIntoParts(text, { maxTokens, countTokens, language });

const sentence = (index: number) => `Sentence ${index} tells of the ferry and of what Mr. Olsen paid for it.`;
const sentences = (count: number) => Array.from({ length: count }, (_, index) => sentence(index + 1));
const squeezed = (text: string) => text.replace(/\s+/g, "");

describe("splitIntoParts", () => {
  it("leaves a text that fits as it is", () => {
    expect(split("  A short text.\n", 10)).toEqual(["  A short text.\n"]);
  });

  it("cuts one long paragraph at sentence ends alone, abbreviations not being such", () => {
    const parts = split(sentences(60).join(" "), 200);
    expect(parts.length).toBeGreaterThan(4);
    for (const part of parts) expect(part).toMatch(/^Sentence .*paid for it\.$/s);
  });

  it("cuts wrapped lines at sentence ends too, and keeps the lines", () => {
    const wrapped = sentences(60).join(" ").replaceAll(" of ", " of\n");
    const parts = split(wrapped, 200);
    for (const part of parts) expect(part).toMatch(/^Sentence .*paid for it\.$/s);
    expect(parts[0]).toContain("of\n");
  });

  it("cuts between paragraphs where they are short", () => {
    const paragraphs = Array.from({ length: 30 }, (_, index) => `Heading ${index}\n${sentence(index)}`);
    const parts = split(paragraphs.join("\n\n"), 120);
    for (const part of parts) expect(part).toMatch(/^Heading .*paid for it\.$/s);
  });

  it.each([
    ["sentences", sentences(60).join(" ")],
    ["paragraphs", sentences(60).join("\n\n")],
    ["Japanese", "彼は東京に住んでいる。".repeat(200)],
    ["words without an end", "ceaseless ".repeat(800)],
    ["one word without an end", "x".repeat(6_000)],
    ["text with page breaks, tabs and lists", `\f\t- ${sentences(60).join("\r\n\t- ")}`],
  ])("loses nothing of %s, and no part is too long", (_name, text) => {
    const parts = split(text, 300);
    expect(squeezed(parts.join(""))).toBe(squeezed(text));
    for (const part of parts) expect(countTokens(part)).toBeLessThanOrEqual(300);
  });

  it("makes parts of about the same length", () => {
    const lengths = split(sentences(400).join(" "), 1_000).map((part) => part.length);
    expect(Math.min(...lengths) / Math.max(...lengths)).toBeGreaterThan(0.9);
  });

  it("takes a text of an undetermined language", () => {
    expect(split(sentences(60).join(" "), 200, "und").length).toBeGreaterThan(4);
  });

  it("splits a megabyte in about a second", () => {
    const startedAt = performance.now();
    const parts = split(sentences(14_000).join(" "), 20_000);
    expect(parts.length).toBeGreaterThan(10);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });
});

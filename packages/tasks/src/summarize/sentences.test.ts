import { describe, expect, it } from "vitest";
import { countWords } from "./lexicon.ts";
import { createSentenceSplitter } from "./sentences.ts";

function split(text: string, language = "en", isListItem = false): string[] {
  const splitter = createSentenceSplitter(countWords(text), language);
  return splitter({ text, isListItem }, 0).map((sentence) => sentence.text);
}

describe("createSentenceSplitter", () => {
  it.each([
    ["a title", ["I met Dr. Smith and Prof. Jones.", "They left."]],
    ["initials", ["J. R. R. Tolkien wrote it.", "We read it."]],
    ["a dotted acronym within a sentence", ["He left the U.S. Navy for good.", "It was 5 p.m. then."]],
    ["a Latin abbreviation", ["Bring tools, e.g. Allen keys, and gloves.", "Then wait."]],
    ["an address", ["See www.example.com/a.b?c=d for more.", "Then call."]],
    ["a question that is quoted", ['"Really?" she asked.', "He nodded."]],
    ["a number", ["Version 2.0 costs 3.50 euros.", "It is out."]],
    ["brackets around a full stop", ["The valve (see Fig. 3. It is red) opens.", "Steam leaves."]],
  ])("does not split at %s", (_, sentences) => {
    expect(split(sentences.join(" "))).toEqual(sentences);
  });

  it("ends a sentence at an acronym when a word follows that the text also writes small", () => {
    expect(split("He works in the U.S. They pay well, and they know it.")).toHaveLength(2);
  });

  it("keeps an ordinal together in a language that writes it with a full stop", () => {
    expect(split("Wir ziehen am 3. Oktober um. Alle helfen.", "de")).toEqual([
      "Wir ziehen am 3. Oktober um.",
      "Alle helfen.",
    ]);
  });

  it.each([
    ["zh", "今天天气很好。我们去公园！你来吗？", 3],
    ["ja", "彼は「行こう。」と言った。雨が降った。", 2],
    ["zh", "你来吗?我来!", 2],
    ["ko", "질문(그리고 답!)입니다. 비가 온다.", 2],
    ["hi", "यह एक वाक्य है। यह दूसरा वाक्य है।", 2],
    ["ar", "هذا نص عربي. هل هذا سؤال؟ نعم.", 3],
    ["el", "Τι κάνεις; Καλά είμαι.", 2],
  ])("splits %s at its own marks", (language, text, count) => {
    expect(split(text, language)).toHaveLength(count);
  });

  it("finds the same sentences in a paragraph of any length", () => {
    const sentence = "The ferry crosses the lake twice a day in the summer.";
    expect(new Set(split(`${sentence} `.repeat(500)))).toEqual(new Set([sentence]));
    expect(split(`${sentence} `.repeat(500))).toHaveLength(500);
  });

  it("does not take an English sentence with a Thai name in it for Thai", () => {
    const text = `${"The ferry crosses the lake, ".repeat(10)}and the town is called กรุงเทพ today.`;
    expect(split(text)).toEqual([text]);
  });

  it("cuts an endless sentence without losing or halving a character", () => {
    const text = "🎉字".repeat(2_000);
    const pieces = split(text, "und");
    expect(pieces.join("")).toBe(text);
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(600);
    for (const piece of pieces) expect(piece).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
  });
});

import { describe, expect, it } from "vitest";
import { buildVocabulary, joinLines } from "./hyphenation.ts";

const none = buildVocabulary([]);

describe("joinLines", () => {
  it.each([
    [["the coun-", "cil met"], "the council met"],
    [["Jean-", "Pierre came"], "Jean-Pierre came"],
    [["from 1990-", "2000"], "from 1990-2000"],
    [["a PDF-", "based tool"], "a PDF-based tool"],
    [["soft\u00adhyphens end\u00ad", "ings"], "softhyphens endings"],
    [["he left -", "at last"], "he left - at last"],
    [["two", "lines"], "two lines"],
    [["日本語の", "文章"], "日本語の文章"],
  ])("joins %j", (lines, text) => {
    expect(joinLines(lines, none)).toBe(text);
  });

  it("keeps a hyphen that the document writes elsewhere", () => {
    const vocabulary = buildVocabulary(["a well-known case of it"]);
    expect(joinLines(["it is well-", "known here"], vocabulary)).toBe("it is well-known here");
  });

  it("drops the hyphen when the document also writes the word without it", () => {
    const vocabulary = buildVocabulary(["the news-paper and the newspaper here"]);
    expect(joinLines(["a news-", "paper"], vocabulary)).toBe("a newspaper");
  });
});

it("takes no word from a line's end, where it may be half of one", () => {
  expect(buildVocabulary(["the coun-"]).has("coun")).toBe(false);
});

import { describe, expect, it } from "vitest";
import { countWords } from "./words.ts";

describe("countWords", () => {
  it.each([
    ["", 0],
    [" \n ", 0],
    ["Bees pollinate flowers.", 3],
    ["It's 3 o'clock – already?", 4],
  ])("counts %j", (text, count) => {
    expect(countWords(text)).toBe(count);
  });

  it("finds words where no blanks stand between them", () => {
    expect(countWords("蜂は花の受粉を助けます。")).toBeGreaterThan(3);
  });

  it("counts a long text by its blanks", () => {
    expect(countWords("word ".repeat(10_000))).toBe(10_000);
  });
});

import { expect, it } from "vitest";
import { findGutters } from "./gutters.ts";
import { buildLines } from "./text-line.ts";
import { toWord, type Word } from "./word.ts";

function word(text: string, x: number, line: number, width: number): Word {
  const style = { fontSize: 10, fontName: "Times-Roman", bold: false, italic: false, startsWord: true };
  return toWord({ ...style, text, x, y: line * 12, baseline: line * 12 + 7.5, width, height: 10 });
}

// Two words a column; the space between them is wider than the gutter at 100 to 106, and moves from line to line.
function justified(line: number): Word[] {
  const space = 45 + ((line * 7) % 20);
  return [
    word("one", 0, line, space - 5),
    word("two", space + 4, line, 96 - space),
    word("three", 106, line, space - 5),
    word("four", 110 + space, line, 90 - space),
  ];
}

it("finds a gutter that is narrower than the spaces beside it", () => {
  const words = Array.from({ length: 8 }, (_, line) => justified(line)).flat();
  const [gutter, ...others] = findGutters(words);
  expect(others).toEqual([]);
  expect(gutter).toMatchObject({ left: 100, right: 106 });
  expect(
    buildLines(words, [gutter!])
      .map((line) => line.text)
      .slice(0, 2),
  ).toEqual(["one two", "three four"]);
});

it("takes the spaces of a few lines that happen to meet for no gutter", () => {
  const words = [0, 1, 2].flatMap((line) => [word("word", 0, line, 40), word("word", 46, line, 40)]);
  expect(findGutters(words)).toEqual([]);
  expect(buildLines(words, [])[0]!.text).toBe("word word");
});

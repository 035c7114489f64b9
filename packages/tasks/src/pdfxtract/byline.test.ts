import { describe, expect, it } from "vitest";
import { isByline, isNameList, namesIn } from "./byline.ts";
import { toBlock } from "./text-block.ts";
import { buildLines } from "./text-line.ts";
import { toWord } from "./word.ts";

function block(...texts: string[]) {
  const style = {
    x: 40,
    fontSize: 10,
    fontName: "Times-Roman",
    bold: false,
    italic: false,
    startsWord: true,
  };
  const lines = texts.map((text, index) => ({
    ...style,
    text,
    y: index * 12,
    baseline: index * 12 + 8,
    width: 100,
    height: 10,
  }));
  return toBlock(buildLines(lines.map(toWord), []));
}

describe("isByline", () => {
  it.each(["By Anna Lindqvist", "Von Karl May", "Por María Pérez y Juan Gil", "Anna Lindqvist"])(
    "takes %s",
    (text) => {
      expect(isByline(block(text), 10)).toBe(true);
    },
  );

  it.each([
    "Por último, la documentación que se indica:",
    "By Monday the storm had passed over all of the outer islands and the long coast behind.",
    "By and large",
  ])("does not take %s", (text) => {
    expect(isByline(block(text), 10)).toBe(false);
  });
});

it("takes the names of a byline, and leaves the word by and the places out", () => {
  expect(namesIn(block("By Anna Lindqvist*"))).toBe("Anna Lindqvist");
  expect(namesIn(block("Michael Shell,", "John Doe and", "Jane Roe", "some college, Atlanta"))).toBe(
    "Michael Shell, John Doe and Jane Roe",
  );
});

describe("isNameList", () => {
  it.each([
    "Jane Doe",
    "JANE DOE",
    "Ludwig van Beethoven and Clara Schumann",
    "J. R. Smith, Anna Łoś",
    "Ben Trovato∗",
  ])("takes %s for names", (text) => {
    expect(isNameList(text)).toBe(true);
  });

  it.each([
    "The council met",
    "McGill University",
    "Introduction",
    "Who Is There?",
    "jane@example.org",
    "Room 4217",
    "Storm over the coast",
  ])("does not take %s for names", (text) => {
    expect(isNameList(text)).toBe(false);
  });
});

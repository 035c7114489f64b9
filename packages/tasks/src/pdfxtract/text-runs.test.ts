import { expect, it } from "vitest";
import type { Glyph } from "./glyph.ts";
import { buildRuns } from "./text-runs.ts";

const font = { name: "Times-Roman", bold: false, italic: false };

function glyphs(text: string, place: Partial<Glyph> = {}): Glyph[] {
  const { left = 0 } = place;
  return [...text].map((char, index) => ({
    char,
    baseline: 100,
    fontSize: 10,
    font,
    angle: 0,
    ...place,
    left: left + index * 5,
    right: left + index * 5 + 5,
    startsWord: index === 0,
  }));
}

it("joins neighbouring glyphs to words", () => {
  expect(buildRuns([...glyphs("two"), ...glyphs("words", { left: 20 })]).map((run) => run.text)).toEqual([
    "two",
    "words",
  ]);
});

it("prints a word once that was printed twice to look bold", () => {
  const runs = buildRuns([...glyphs("Fee"), ...glyphs("Fee", { left: 0.4 })]);
  expect(runs).toMatchObject([{ text: "Fee", bold: true }]);
});

it("keeps double letters", () => {
  expect(buildRuns(glyphs("ballll"))).toMatchObject([{ text: "ballll" }]);
});

it("leaves a watermark and turned margin notes out", () => {
  const runs = buildRuns([
    ...glyphs("text"),
    ...glyphs("dra", { angle: 45 }),
    ...glyphs("ft", { angle: 90 }),
  ]);
  expect(runs.map((run) => run.text)).toEqual(["text"]);
});

it("breaks a word where its style changes, without a space", () => {
  const runs = buildRuns([
    ...glyphs("Head"),
    ...glyphs("s", { left: 20, fontSize: 7 }).map((glyph) => ({ ...glyph, startsWord: false })),
  ]);
  expect(runs.map((run) => [run.text, run.startsWord])).toEqual([
    ["Head", true],
    ["s", false],
  ]);
});

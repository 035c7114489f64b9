import type { FixtureText } from "./pdf-fixture-file.ts";

export type ColumnBox = { x: number; y: number; width: number; columns: number; gap: number; size: number };

const leading = 1.2;
// Widths of Times in thousandths of the size, by kind of letter; close enough to fill a line without passing its end.
const widths: [RegExp, number][] = [
  [/[ilj.,;:'’|! ]/, 0.27],
  [/[ftrI()–-]/, 0.36],
  [/[mMW—]/, 0.85],
  [/[A-Zw]/, 0.7],
  [/./, 0.49],
];

/** A text set in columns of equal length; "·" marks where a word may be divided. A line break begins a paragraph. */
export function setColumns(text: string, box: ColumnBox): FixtureText[] {
  const width = (box.width - (box.columns - 1) * box.gap) / box.columns;
  const lines = text.split("\n").flatMap((paragraph) => wrap(paragraph, width / box.size));
  const perColumn = Math.ceil(lines.length / box.columns);
  return lines.map((line, index) => ({
    x: box.x + Math.floor(index / perColumn) * (width + box.gap) + (line.indented ? box.size : 0),
    y: box.y + (index % perColumn) * leading * box.size,
    size: box.size,
    text: line.text,
  }));
}

type WrappedLine = { text: string; indented: boolean };

function wrap(paragraph: string, widthEms: number): WrappedLine[] {
  const lines: WrappedLine[] = [];
  let line = "";
  for (const word of paragraph.split(" ")) {
    const room = widthEms - (lines.length === 0 ? 1 : 0);
    const whole = word.replaceAll("·", "");
    const longer = line === "" ? whole : `${line} ${whole}`;
    if (widthOf(longer) <= room) {
      line = longer;
      continue;
    }
    const [head, tail] = divide(word, line, room);
    lines.push({ text: head === "" ? line : `${line} ${head}`, indented: lines.length === 0 });
    line = tail;
  }
  return [...lines, { text: line, indented: lines.length === 0 }];
}

function divide(word: string, line: string, room: number): [head: string, tail: string] {
  const parts = word.split("·");
  for (let count = parts.length - 1; count > 0; count--) {
    const head = `${parts.slice(0, count).join("")}-`;
    if (widthOf(`${line} ${head}`) <= room) return [head, parts.slice(count).join("")];
  }
  return ["", parts.join("")];
}

function widthOf(text: string): number {
  return [...text].reduce((sum, char) => sum + (widths.find(([kind]) => kind.test(char))?.[1] ?? 0.5), 0);
}

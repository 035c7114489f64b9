import { boundsOf, sharedWidth, widthOf } from "./box.ts";
import type { PageBox } from "./pdf-document.ts";
import type { TextLine } from "./text-line.ts";

/** Lines of one style, one under the other. */
export type TextBlock = PageBox & {
  lines: TextLine[];
  text: string;
  fontSize: number;
  bold: boolean;
  italic: boolean;
};

// Distance of baselines in font sizes: headlines are set down to 0.9, typescripts with 1.5 lines up to 1.9.
const minLeading = 0.5;
const maxLeading = 2;
const maxLeadingGrowth = 1.3;
const maxSizeRatio = 1.12;

export function buildBlocks(lines: readonly TextLine[]): TextBlock[] {
  const blocks: TextLine[][] = [];
  const blockOf = new Map<TextLine, TextLine[]>();
  for (const line of lines) {
    const above = lineAbove(line, lines);
    const block = above && blockOf.get(above);
    if (above && block && block.at(-1) === above && continuesBlock(block, line, lines)) {
      block.push(line);
      blockOf.set(line, block);
    } else {
      const started = [line];
      blocks.push(started);
      blockOf.set(line, started);
    }
  }
  return blocks.map(toBlock);
}

export function toBlock(lines: TextLine[]): TextBlock {
  const sizes = new Map<number, number>();
  for (const line of lines) sizes.set(line.fontSize, (sizes.get(line.fontSize) ?? 0) + line.text.length);
  return {
    ...boundsOf(lines),
    lines,
    text: lines.map((line) => line.text).join(" "),
    fontSize: [...sizes].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0],
    bold: lines.every((line) => line.bold),
    italic: lines.every((line) => line.italic),
  };
}

function lineAbove(line: TextLine, lines: readonly TextLine[]): TextLine | undefined {
  return nearest(lines, (other) => {
    const leading = line.baseline - other.baseline;
    const inReach = leading > minLeading * line.fontSize && leading < maxLeading * line.fontSize;
    return inReach && sharedWidth(line, other) > 0 ? leading : undefined;
  });
}

function nearest(
  lines: readonly TextLine[],
  distance: (line: TextLine) => number | undefined,
): TextLine | undefined {
  let best: TextLine | undefined;
  let least = Infinity;
  for (const line of lines) {
    const away = distance(line);
    if (away === undefined || away >= least) continue;
    best = line;
    least = away;
  }
  return best;
}

function continuesBlock(block: readonly TextLine[], line: TextLine, lines: readonly TextLine[]): boolean {
  const last = block.at(-1)!;
  const larger = Math.max(last.fontSize, line.fontSize);
  if (larger > maxSizeRatio * Math.min(last.fontSize, line.fontSize)) return false;
  if (
    last.bold !== line.bold ||
    (last.italic !== line.italic && larger - line.fontSize + larger - last.fontSize > 0.4)
  ) {
    return false;
  }
  const leading = line.baseline - last.baseline;
  const before = block.at(-2);
  if (before && leading > maxLeadingGrowth * (last.baseline - before.baseline)) return false;
  if (sharedWidth(last, line) < 0.5 * Math.min(widthOf(last), widthOf(line))) return false;
  return !hasSibling(last, line, lines) && !hasSibling(line, last, lines);
}

// A line over two columns belongs to neither of them.
function hasSibling(spanning: TextLine, line: TextLine, lines: readonly TextLine[]): boolean {
  return lines.some(
    (other) =>
      other !== line &&
      Math.abs(other.baseline - line.baseline) < 0.6 * line.fontSize &&
      sharedWidth(other, spanning) > 0 &&
      other.words.length > 1,
  );
}

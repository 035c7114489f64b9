import type { TextBlock } from "./text-block.ts";
import type { TextLine } from "./text-line.ts";

const maxWordsPerLine = 4;
const MAX_GAP_EMS = 14;
const minRows = 2;

/** A column of short lines, each with another short line beside it: part of a table, not of a text. */
export function isTableCell(block: TextBlock, blocks: readonly TextBlock[]): boolean {
  if (!block.lines.every(isShort)) return false;
  const others = blocks
    .filter((other) => other !== block && other.lines.every(isShort))
    .flatMap((other) => other.lines);
  const mated = block.lines.filter((line) => others.some((other) => isRowMate(line, other)));
  if (mated.length < block.lines.length) return false;
  return block.lines.length >= minRows || hasRowsNearby(block, others);
}

function isShort(line: TextLine): boolean {
  return !line.monospaced && line.words.length <= maxWordsPerLine && !/\p{L}[-‐]$/u.test(line.text);
}

function isRowMate(line: TextLine, other: TextLine): boolean {
  if (Math.abs(line.baseline - other.baseline) > 1) return false;
  const gap = Math.max(other.left - line.right, line.left - other.right);
  return gap > 0 && gap < MAX_GAP_EMS * line.fontSize;
}

function hasRowsNearby(block: TextBlock, others: readonly TextLine[]): boolean {
  const near = others.filter(
    (other) => Math.abs(other.baseline - block.lines[0]!.baseline) < 3 * block.fontSize,
  );
  return new Set(near.map((line) => Math.round(line.baseline))).size > minRows;
}

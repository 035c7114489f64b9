import { isCaption, isInside } from "./caption.ts";
import { isCrosshead, isHeading } from "./heading.ts";
import { isDateLine } from "./issue-date.ts";
import type { PageBox } from "./pdf-document.ts";
import { isTableCell } from "./table-cell.ts";
import type { TextBlock } from "./text-block.ts";

export type BlockRole = "heading" | "crosshead" | "body" | "aside" | "noise";

export type PageContext = {
  bodySize: number;
  images: readonly PageBox[];
  page: PageBox;
  blocks: readonly TextBlock[];
  slideTitle: TextBlock | undefined;
};

const maxNoteRatio = 0.9;
const noteZoneShare = 0.6;

/** What a block is by itself, before its place among the others is looked at. */
export function roleOf(block: TextBlock, context: PageContext): BlockRole {
  const { bodySize, images, page } = context;
  if (block === context.slideTitle) return "heading";
  if (!/[\p{L}\p{N}]/u.test(block.text)) return "noise";
  if (isInside(block, images, page) || isStrayLabel(block, bodySize)) return "noise";
  if (isCaption(block, images, bodySize) || isNote(block, context)) return "aside";
  if (block.lines.length === 1 && isDateLine(block.text)) return "aside";
  if (isHeading(block, bodySize)) return "heading";
  if (isCrosshead(block, bodySize)) return "crosshead";
  return isTableCell(block, context.blocks) ? "aside" : "body";
}

// Tick marks, page numbers of an index, numbered lines: too short to be a sentence, and not words.
function isStrayLabel(block: TextBlock, bodySize: number): boolean {
  if (/^[\d\s]+$/.test(block.text)) return true;
  const letters = block.text.match(/\p{L}/gu)?.length ?? 0;
  return block.lines.length === 1 && letters < 3 && block.fontSize <= 1.1 * bodySize;
}

function isNote(block: TextBlock, { bodySize, page }: PageContext): boolean {
  if (block.fontSize > maxNoteRatio * bodySize) return false;
  const low = block.top > page.top + noteZoneShare * (page.bottom - page.top);
  return (
    low && /^([*†‡§¶©]|\(?\d{1,2}\)?\s*\p{L}|(permission|copyright|manuscript received)\b)/iu.test(block.text)
  );
}

import type { PageBox } from "./pdf-document.ts";
import type { Word } from "./word.ts";
import { WordRows } from "./word-rows.ts";

/**
 * Columns of white between columns of text.
 *
 * In narrow justified columns the spaces between words can be wider than the gutter between columns (papertex sets
 * 9 pt gutters beside 8 pt spaces), so the width of one gap says little. A gutter is a gap that goes on: the same
 * white on line after line, with the words to its right starting at one place. Rivers of white in justified text do
 * neither for long.
 */
export type Gutter = PageBox;

type Gap = PageBox & { em: number; startsAt: number; inListing: boolean };
type Strip = PageBox & { em: number; starts: number[]; listingGaps: number };

// In multiples of the font size of the smaller neighbour.
const minGapEms = 0.5;
const maxRowDistanceEms = 4;
// Words to the right of a gutter start at one place, but for the first lines of paragraphs.
const maxIndentEms = 2.5;
// Listings align their parts as columns do, but seldom for long.
const minListingLines = 16;
const startToleranceEms = 0.35;

export function findGutters(words: readonly Word[]): Gutter[] {
  const rows = new WordRows(words);
  const strips: Strip[] = [];
  for (const gap of gapsOf(words, rows)) {
    const grown = strips.filter((strip) => grow(strip, gap, rows));
    if (grown.length === 0) strips.push(toStrip(gap));
  }
  return strips.filter(isGutter);
}

function gapsOf(words: readonly Word[], rows: WordRows): Gap[] {
  const gaps: Gap[] = [];
  for (const word of words) {
    const next = rows.rightNeighbour(word);
    if (!next) continue;
    const em = Math.min(word.fontSize, next.fontSize);
    if (next.left - word.right < minGapEms * em) continue;
    gaps.push({
      left: word.right,
      right: next.left,
      top: Math.max(word.top, next.top),
      bottom: Math.min(word.bottom, next.bottom),
      em,
      startsAt: next.left,
      inListing: word.monospaced && next.monospaced,
    });
  }
  return gaps.sort((one, other) => one.top - other.top);
}

function toStrip({ startsAt, inListing, ...gap }: Gap): Strip {
  return { ...gap, starts: [startsAt], listingGaps: inListing ? 1 : 0 };
}

function grow(strip: Strip, gap: Gap, rows: WordRows): boolean {
  const em = Math.min(strip.em, gap.em);
  const left = Math.max(strip.left, gap.left);
  const right = Math.min(strip.right, gap.right);
  if (right - left < minGapEms * em || Math.abs(strip.starts[0]! - gap.startsAt) > maxIndentEms * em)
    return false;
  if (gap.top - strip.bottom > maxRowDistanceEms * em) return false;
  if (gap.top > strip.bottom && !rows.isEmpty({ left, right, top: strip.bottom, bottom: gap.top }))
    return false;
  strip.left = left;
  strip.right = right;
  strip.bottom = Math.max(strip.bottom, gap.bottom);
  strip.starts.push(gap.startsAt);
  if (gap.inListing) strip.listingGaps++;
  return true;
}

function isGutter(strip: Strip): boolean {
  if (strip.listingGaps > 0.5 * strip.starts.length && strip.starts.length < minListingLines) return false;
  const lines = (strip.bottom - strip.top) / strip.em;
  const widthEms = (strip.right - strip.left) / strip.em;
  const aligned = alignedShare(strip);
  if (strip.starts.length >= 4 && lines >= 4) return aligned >= 0.5;
  return strip.starts.length >= 2 && lines >= 2 && widthEms >= 1.2 && aligned >= 0.5;
}

function alignedShare({ starts, em }: Strip): number {
  const most = Math.max(
    ...starts.map(
      (start) => starts.filter((other) => Math.abs(other - start) < startToleranceEms * em).length,
    ),
  );
  return most / starts.length;
}

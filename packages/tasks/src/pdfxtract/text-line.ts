import { boundsOf, sharedHeight } from "./box.ts";
import type { Gutter } from "./gutters.ts";
import type { PageBox } from "./pdf-document.ts";
import type { Word } from "./word.ts";
import { WordRows } from "./word-rows.ts";

/** Words that are read on without leaving the line or the column. */
export type TextLine = PageBox & {
  words: Word[];
  text: string;
  baseline: number;
  fontSize: number;
  bold: boolean;
  italic: boolean;
  monospaced: boolean;
};

const MAX_GAP_EMS = 2.2;
// Numbers, bullets and labels of a list or heading stand further off than words do.
const maxLabelGapEms = 3.2;
const label = /^([•◦▪‣–—*·]|\(?[\dA-Za-z]{1,3}[.)]|\[?\d{1,3}\]?|[IVXL]{1,5}\.|\d+(\.\d+)+\.?|§)$/;
// Program listings align with spaces.
const maxListingGapEms = 10;

export function buildLines(words: readonly Word[], gutters: readonly Gutter[]): TextLine[] {
  const nextOf = linkWords(words, gutters);
  const followers = new Set(nextOf.values());
  return words
    .filter((word) => !followers.has(word))
    .map((first) => toLine(chainFrom(first, nextOf)))
    .sort((one, other) => one.top - other.top || one.left - other.left);
}

function linkWords(words: readonly Word[], gutters: readonly Gutter[]): Map<Word, Word> {
  const rows = new WordRows(words);
  const nextOf = new Map<Word, Word>();
  const taken = new Map<Word, Word>();
  for (const word of words) {
    const next = rows.rightNeighbour(word);
    if (!next || !readOn(word, next, gutters)) continue;
    const rival = taken.get(next);
    if (rival && rival.right >= word.right) continue;
    if (rival) nextOf.delete(rival);
    taken.set(next, word);
    nextOf.set(word, next);
  }
  return nextOf;
}

function readOn(word: Word, next: Word, gutters: readonly Gutter[]): boolean {
  const em = Math.min(word.fontSize, next.fontSize);
  const larger = Math.max(word.fontSize, next.fontSize);
  const gap = next.left - word.right;
  const drop = Math.abs(word.baseline - next.baseline);
  if (drop > 0.5 * larger || (drop > 0.15 * larger && gap > 0.6 * em)) return false;
  if (larger > 1.7 * em && gap > 0.5 * em) return false;
  if (gap > maxGapEms(word, next) * em) return false;
  if (word.text === "…" && /^[\divxl]+$/i.test(next.text)) return true;
  // A wide gap in a listing is read over, unless columns are parted there, if only elsewhere on the page.
  const anywhere = gap > MAX_GAP_EMS * em;
  return !gutters.some(
    (gutter) => gap > 0 && liesBetween(gutter, word, next) && (anywhere || sharedHeight(gutter, word) > 0),
  );
}

function maxGapEms(word: Word, next: Word): number {
  if (word.monospaced && next.monospaced) return maxListingGapEms;
  return label.test(word.text) ? maxLabelGapEms : MAX_GAP_EMS;
}

function liesBetween(gutter: Gutter, word: Word, next: Word): boolean {
  return gutter.left >= word.right - 0.1 && gutter.right <= next.left + 0.1;
}

function chainFrom(first: Word, nextOf: Map<Word, Word>): Word[] {
  const chain = [first];
  for (let word = nextOf.get(first); word; word = nextOf.get(word)) chain.push(word);
  return chain;
}

function toLine(words: Word[]): TextLine {
  const fontSize = commonest(words, (word) => word.fontSize);
  const mainWords = words.filter((word) => word.fontSize === fontSize);
  return {
    ...boundsOf(mainWords),
    left: words[0]!.left,
    right: boundsOf(words).right,
    words,
    text: joinWords(words),
    baseline: commonest(mainWords, (word) => word.baseline),
    fontSize,
    bold: shareOf(words, (word) => word.run.bold) > 0.6,
    italic: shareOf(words, (word) => word.run.italic) > 0.6,
    monospaced: shareOf(words, (word) => word.monospaced) > 0.6,
  };
}

function joinWords(words: readonly Word[]): string {
  let text = "";
  let last: Word | undefined;
  for (const word of words) {
    if (last && isApart(last, word)) text += " ";
    text += word.text;
    last = word;
  }
  return text;
}

function isApart(last: Word, word: Word): boolean {
  const gap = word.left - last.right;
  const em = Math.min(last.fontSize, word.fontSize);
  return gap > (word.run.startsWord ? 0.03 : 0.3) * em;
}

/** The value that most characters have. */
export function commonest(words: readonly Word[], value: (word: Word) => number): number {
  const counts = new Map<number, number>();
  for (const word of words) counts.set(value(word), (counts.get(value(word)) ?? 0) + word.text.length);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

function shareOf(words: readonly Word[], test: (word: Word) => boolean): number {
  let total = 0;
  let passing = 0;
  for (const word of words) {
    total += word.text.length;
    if (test(word)) passing += word.text.length;
  }
  return passing / Math.max(1, total);
}

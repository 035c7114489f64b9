import { endsInAbbreviation } from "./abbreviations.ts";
import type { Lexicon } from "./lexicon.ts";
import type { Paragraph } from "./paragraphs.ts";
import { isUnspaced, isWithoutFullStop } from "./scripts.ts";

export type Sentence = {
  text: string;
  /** Index of its paragraph in the text. */
  paragraph: number;
  /** Index within its paragraph. */
  position: number;
  isListItem: boolean;
};

export type SentenceSplitter = (paragraph: Paragraph, index: number) => Sentence[];

// V8 copies the whole input at each step of a Segmenter's iterator: 500 kB in one call took 3.9 s, in slices of
// 2,000 characters 10 ms.
const sliceCharacters = 2_000;
const longestSentenceCharacters = 600;
const pieceCharacters = 200;
const longestMendCharacters = 800;

const startsLowerCase = /^[\p{Pi}\p{Ps}"'—–-]*\s?\p{Ll}/u;
const innerMarkEnd = /[.?!:;&=/][\p{Pe}\p{Pf}"']*$/u;
const wordStart = /^[\p{L}\d/]/u;
const closedQuoteEnd = /[」』）]$/;
const startsHiragana = /^[、，\p{Script=Hiragana}]/u;
const opening = /[([（「『]/g;
const closing = /[)\]）」』]/g;

export function createSentenceSplitter(lexicon: Lexicon, language: string): SentenceSplitter {
  const segmenter = new Intl.Segmenter(language, { granularity: "sentence" });
  const isOpen = (head: string, next: string) => continues(head, next, lexicon, language);
  return (paragraph, index) =>
    mend(segments(paragraph.text, segmenter), isOpen)
      .flatMap(splitOverlong)
      .map((text, position) => ({ text, paragraph: index, position, isListItem: paragraph.isListItem }));
}

/** The segments of a text, which is fed to the segmenter a slice at a time; the last of a slice may be incomplete. */
function segments(text: string, segmenter: Intl.Segmenter): string[] {
  const found: string[] = [];
  let start = 0;
  while (start < text.length) {
    const slice = sliceAt(text, start, sliceCharacters);
    const pieces = Array.from(segmenter.segment(slice), ({ segment }) => segment);
    const isLast = start + slice.length >= text.length;
    const complete = isLast || pieces.length === 1 ? pieces : pieces.slice(0, -1);
    found.push(...complete);
    start += complete.reduce((sum, piece) => sum + piece.length, 0);
  }
  return found;
}

/** Puts back together what the Unicode rules (UAX 29) split at a mark that ends no sentence. */
function mend(parts: readonly string[], isOpen: (head: string, next: string) => boolean): string[] {
  const mended: string[] = [];
  for (const part of parts) {
    const head = mended.at(-1);
    const isShort = head !== undefined && head.length + part.length <= longestMendCharacters;
    if (isShort && isOpen(head, part)) mended[mended.length - 1] = head + part;
    else mended.push(part);
  }
  return mended.map((part) => part.trim()).filter((part) => part !== "");
}

function continues(head: string, next: string, lexicon: Lexicon, language: string): boolean {
  const isSpaced = /\s$/.test(head);
  if (startsLowerCase.test(next)) return true;
  if (!isSpaced && innerMarkEnd.test(head) && wordStart.test(next) && !isUnspaced(next.charAt(0)))
    return true;
  if (closedQuoteEnd.test(head) && startsHiragana.test(next)) return true;
  if (opensBracket(head) && closesBracket(next)) return true;
  return endsInAbbreviation(head, next, lexicon, language);
}

const bracketBalance = (text: string): number =>
  (text.match(opening)?.length ?? 0) - (text.match(closing)?.length ?? 0);
const opensBracket = (text: string): boolean => bracketBalance(text) > 0;
const closesBracket = (text: string): boolean => bracketBalance(text) < 0;

/** Cuts a run of words that no mark ends: unpunctuated text, or Thai, which sets no full stop. */
function splitOverlong(text: string): string[] {
  const limit = isWithoutFullStop(text) ? pieceCharacters : longestSentenceCharacters;
  return text.length <= limit ? [text] : cutAtSpaces(text);
}

function cutAtSpaces(text: string): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    const piece = sliceAt(text, start, pieceCharacters);
    pieces.push(piece.trim());
    start += piece.length;
  }
  return pieces.filter((piece) => piece !== "");
}

/** Up to `limit` characters, cut after a space, else after a comma, else anywhere but within a surrogate pair. */
function sliceAt(text: string, start: number, limit: number): string {
  const window = text.slice(start, start + limit);
  if (start + limit >= text.length) return window;
  const cutAt = Math.max(window.lastIndexOf(" "), lastComma(window)) + 1;
  if (cutAt > limit / 3) return window.slice(0, cutAt);
  return /[\ud800-\udbff]$/.test(window) ? window.slice(0, -1) : window;
}

const lastComma = (text: string): number =>
  Math.max(...Array.from("，；、", (mark) => text.lastIndexOf(mark)));

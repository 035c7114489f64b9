import type { Lexicon } from "./lexicon.ts";
import { displayWidth, endsSentence, isUnspaced } from "./scripts.ts";

const widestWrap = 160;
const narrowestWrap = 40;
const wrappedLinePercentile = 0.9;
// A greedy wrap fills each line until the next word does not fit. Proportional fonts make the count of characters
// vary by about a fifth around that, so only a line that leaves more than a quarter free was ended on purpose.
const filledShare = 0.75;

const startsLowerCase = /^[\p{Pi}\p{Ps}"']*\p{Ll}/u;
const hyphenatedEnd = /(\p{L}+)[-‐]$/u;
const hangulEnd = /\p{Script=Hangul}+$/u;
const hangulStart = /^\p{Script=Hangul}+/u;
const firstLetters = /^\p{Ll}[\p{L}\p{M}]*/u;

/** The column at which the lines of a text were wrapped, in display columns. */
export function wrapWidth(lines: readonly string[]): number {
  const widths = lines.filter((line) => line.trim() !== "").map((line) => displayWidth(line.trimEnd()));
  const sorted = Uint32Array.from(widths).sort();
  const width = sorted[Math.floor(sorted.length * wrappedLinePercentile)] ?? 0;
  return Math.max(narrowestWrap, width);
}

/** Whether the break after `line` was meant, because the first word of `next` would have fitted beside it. */
export function isDeliberateBreak(line: string, next: string, width: number): boolean {
  const text = next.trimStart();
  const lineWidth = displayWidth(line.trimEnd());
  if (lineWidth > widestWrap) return true;
  if (startsLowerCase.test(text.slice(0, 20)) || /[,、，،-]$/.test(line.trimEnd())) return false;
  return lineWidth + firstWordWidth(text) < width * filledShare;
}

function firstWordWidth(text: string): number {
  if (isUnspaced(text.charAt(0))) return 2;
  return 1 + displayWidth(/^\S{0,80}/.exec(text)?.[0] ?? "");
}

/** One line of text from the lines of a paragraph. */
export function joinWrappedLines(lines: readonly string[], lexicon: Lexicon): string {
  const parts: string[] = [];
  for (const line of lines) {
    const next = line.trim().replace(/\s+/g, " ");
    const previous = parts.at(-1);
    if (next === "") continue;
    if (previous === undefined) parts.push(next);
    else parts.splice(-1, 1, ...joinPair(previous, next, lexicon));
  }
  return parts.join("");
}

// The joined text stays in pieces until the end: growing one string by a line at a time and matching at its end
// would flatten it at every line.
function joinPair(previous: string, next: string, lexicon: Lexicon): [string, string] {
  const head = hyphenatedEnd.exec(previous.slice(-60))?.[1];
  const tail = firstLetters.exec(next.slice(0, 60))?.[0];
  if (head !== undefined && tail !== undefined) {
    return [isHyphenKept(head, tail, lexicon) ? previous : previous.slice(0, -1), next];
  }
  return [previous + separator(previous, next, lexicon), next];
}

function separator(previous: string, next: string, lexicon: Lexicon): string {
  const first = next.slice(0, 1);
  if (isUnspaced(previous.slice(-1)) && isUnspaced(first)) return "";
  if (isCutHangulWord(previous, next, lexicon)) return "";
  return /\/$|[\p{L}\d][‐-]$/u.test(previous.slice(-2)) && /^[\p{L}\d]/u.test(first) ? "" : " ";
}

// "organi-/zation" was cut by a typesetter, "well-/known" was not. The text itself knows: either it has the word
// elsewhere, or it has the halves as words of their own (each is counted once for this very place).
function isHyphenKept(head: string, tail: string, lexicon: Lexicon): boolean {
  if (lexicon.has(head + tail)) return false;
  return (lexicon.get(head) ?? 0) > 1 && (lexicon.get(tail) ?? 0) > 1;
}

// Korean has spaces, yet its lines may break between any two syllables.
function isCutHangulWord(previous: string, next: string, lexicon: Lexicon): boolean {
  const head = hangulEnd.exec(previous.slice(-20))?.[0];
  const tail = hangulStart.exec(next.slice(0, 20))?.[0];
  return head !== undefined && tail !== undefined && lexicon.has(head + tail);
}

export const endsParagraph = (line: string): boolean =>
  endsSentence(line.trimEnd()) || /[:：]\s*$/.test(line.slice(-8));

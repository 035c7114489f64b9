import type { Lexicon } from "./lexicon.ts";
import {
  isCode,
  isContentsEntry,
  isHeaderField,
  isMarkdownHeading,
  isRule,
  isTableRow,
  isUnderline,
  startsWithSectionNumber,
  withoutLeaders,
} from "./line-kinds.ts";
import { endsParagraph, isDeliberateBreak, joinWrappedLines, wrapWidth } from "./line-wraps.ts";
import { endsSentence } from "./scripts.ts";

export type Paragraph = { text: string; isListItem: boolean };
type Chunk = { lines: string[]; isListItem: boolean };

const quoteMark = /^\s{0,3}(?:>\s?)+/;
const bullet = /^\s*[-*+•◦▪‣·–—○●■□◆▶►]\s+(?=\S)/u;
const enumerator = /^\s*\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]\s+(?=\S)/;
const SECTION = /^\s*(?:§\s*)?\d{1,3}(?:\.\d{1,3})+\.?\s+(?=\S)/;
const hasWord = /[\p{L}\p{N}]/u;
const pageFurnitureRepeats = 3;
const sectionHeadingMaxCharacters = 250;

/** The running text of a document, a paragraph at a time, without headings, contents, tables, code and mail headers. */
export function proseParagraphs(lines: readonly string[], lexicon: Lexicon): Paragraph[] {
  const width = wrapWidth(lines);
  return withoutPageFurniture(splitBlocks(lines))
    .filter((block) => !isHeaderBlock(block) && !isCodeBlock(block))
    .flatMap((block) => splitChunks(block, width))
    .filter((chunk) => !isSectionHeading(chunk))
    .map((chunk) => toParagraph(chunk, lexicon))
    .filter(({ text }) => hasWord.test(text));
}

/** Every line that holds a word: for a document that is all headings, contents or code. */
export function bareLines(lines: readonly string[]): Paragraph[] {
  return lines
    .filter((line) => hasWord.test(line))
    .map((line) => ({ text: withoutLeaders(line).trim().replace(/\s+/g, " "), isListItem: false }));
}

function splitBlocks(lines: readonly string[]): string[][] {
  const blocks: string[][] = [[]];
  for (const raw of lines) {
    const line = raw.replace(quoteMark, "");
    const current = blocks.at(-1)!;
    if (isUnderline(line) && current.length === 1) current.pop();
    else if (isSeparator(line)) blocks.push([]);
    else current.push(line);
  }
  return blocks.filter((block) => block.length > 0);
}

const isSeparator = (line: string): boolean =>
  line.trim() === "" || isRule(line) || isMarkdownHeading(line) || isContentsEntry(line) || isTableRow(line);

/** Running heads and feet: single lines that come back, but for their page number, and end no sentence. */
function withoutPageFurniture(blocks: readonly string[][]): string[][] {
  const counts = new Map<string, number>();
  for (const block of blocks) if (block.length === 1) increment(counts, furnitureKey(block));
  return blocks.filter((block) => {
    if (block.length > 1 || endsSentence(block[0]!.trim())) return true;
    return counts.get(furnitureKey(block))! < pageFurnitureRepeats;
  });
}

const furnitureKey = (block: readonly string[]): string => block[0]!.trim().replace(/\d+/g, "0");

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

// The lines of a dialogue ("Anna: We sail at noon.") look like fields, but most of them end a sentence.
function isHeaderBlock(block: readonly string[]): boolean {
  if (block.length < 2 || !block.every(isHeaderField)) return false;
  const isMost = (claim: (line: string) => boolean) => block.filter(claim).length * 2 >= block.length;
  return isMost((line) => /^\S/.test(line)) && !isMost((line) => endsSentence(line.trimEnd()));
}

const isCodeBlock = (block: readonly string[]): boolean => block.filter(isCode).length * 2 >= block.length;

/** "2.1. Which version is stable?": a section number with no statement behind it. */
function isSectionHeading({ lines }: Chunk): boolean {
  const length = lines.reduce((sum, line) => sum + line.length, 0);
  if (!startsWithSectionNumber(lines[0]!) || length > sectionHeadingMaxCharacters) return false;
  return !/[.。।]$/.test(lines.at(-1)!.trim());
}

function toParagraph({ lines, isListItem }: Chunk, lexicon: Lexicon): Paragraph {
  const [first = "", ...rest] = lines;
  const unmarked = isListItem
    ? first.replace(bullet, "").replace(enumerator, "").replace(SECTION, "")
    : first;
  return { text: joinWrappedLines([unmarked, ...rest], lexicon), isListItem };
}

function splitChunks(block: readonly string[], width: number): Chunk[] {
  const chunks: Chunk[] = [];
  let previous: string | undefined;
  for (const line of block) {
    const chunk = chunks.at(-1);
    if (isItemStart(line, previous, width)) chunks.push({ lines: [line], isListItem: true });
    else if (chunk === undefined || isDeliberateBreak(previous!, line, width)) {
      chunks.push({ lines: [line], isListItem: false });
    } else chunk.lines.push(line);
    previous = line;
  }
  return chunks;
}

// A wrapped line may begin with "12." by chance, so a number counts as a marker only where a line could end.
function isItemStart(line: string, previous: string | undefined, width: number): boolean {
  if (bullet.test(line.slice(0, 80))) return true;
  const isNumbered = enumerator.test(line.slice(0, 80)) || SECTION.test(line.slice(0, 80));
  if (!isNumbered) return false;
  return previous === undefined || endsParagraph(previous) || isDeliberateBreak(previous, line, width);
}

import { endsSentence } from "./scripts.ts";

// Only prose runs longer than this on one line, and patterns anchored at the end stay cheap on what is shorter.
const longestClassifiedLine = 300;

const RULE = /^\W{3,}$/;
const pageNumber = /^\s*[-–—[(|]?\s*\d{1,4}\s*[-–—\])|]?\s*$/;
const underline = /^\s*([=\-~^*#_+"'`:.])\1{2,}\s*$/;
const markdownHeading = /^\s{0,3}#{1,6}\s+\S/;
const LEADERS = /(?:\.{3,}|(?:\s\.){3,}|…{2,}|_{4,}|·{3,})\s*(?:[\divxlc]+\s*)?$/i;
const columnPageNumber = /\S(?:\s{3,}|\t+)\d{1,4}\s*$/;
const sectionNumber =
  /^\s*(?:§\s*)?(?:\d{1,3}(?:\.\d{1,3})+\.?|\p{Lu}(?:\.\d{1,3})+\.?|第[\d一二三四五六七八九十百]+[章节節部編])\s+\S/u;
const tableRow = /^\s*\|.*\||(?:\S\s*\|\s*){3,}/;
const headerField = /^(?:[A-Za-z][\w-]{1,40}:(?:\s|$)|\s+\S)/;
const shellPrompt = /^\s*(?:\$|#|%|>>>|[\w.-]+@[\w.-]+[:~\w/]*[#$])\s+[\w./"'-]/;
// A semicolon alone also ends the items of a list in a contract.
const codeTail = /[{}\\]\s*$|[)\]}"'`];\s*$|=[^=]*;\s*$|^\s*[})\]]+[;,]?\s*$|\)\s*(?:=>|->)\s*\{?\s*$/;
const codeSymbol = /[{}<>=|\\$&~^`;[\]]/g;
const encoded = /^[\w+/=-]{40,}$/;
const hasLetter = /\p{L}/u;

const isShort = (line: string): boolean => line.length <= longestClassifiedLine;

/** The line that underlines a heading ("====", "----"). */
export const isUnderline = (line: string): boolean => isShort(line) && underline.test(line);

/** Separates text and holds none: a rule, an ornament, a page number (but not the "2016." that ends a sentence). */
export const isRule = (line: string): boolean =>
  isShort(line) && !hasLetter.test(line) && (RULE.test(line) || pageNumber.test(line));

export const isMarkdownHeading = (line: string): boolean => isShort(line) && markdownHeading.test(line);

/** Dotted leaders, or a page number set apart in its own column. */
export function isContentsEntry(line: string): boolean {
  return isShort(line) && hasLetter.test(line) && (isLeaderLine(line) || columnPageNumber.test(line));
}

// "And then ..." is a sentence that trails off: leaders with no page number must be longer than an ellipsis.
const isLeaderLine = (line: string): boolean =>
  LEADERS.test(line) && (/[\divxlc]\s*$/i.test(line) || /[._·]{5,}\s*$/.test(line));

/** What a contents entry says, without its leaders and its page. */
export const withoutLeaders = (line: string): string =>
  isContentsEntry(line) ? line.replace(LEADERS, "").replace(/\s{2,}\d+\s*$/, "") : line;

/** "2.1. Getting the images": a section number of two levels or more starts a heading, unless a full stop ends it. */
export const startsWithSectionNumber = (line: string): boolean => isShort(line) && sectionNumber.test(line);

export const isTableRow = (line: string): boolean => isShort(line) && tableRow.test(line);

/** "Name: value" of a mail, a control file or front matter, or the indented line that continues one. */
export const isHeaderField = (line: string): boolean => isShort(line) && headerField.test(line);

export function isCode(line: string): boolean {
  if (!isShort(line)) return false;
  if (shellPrompt.test(line) || codeTail.test(line) || encoded.test(line.trim())) return true;
  const symbolCount = line.match(codeSymbol)?.length ?? 0;
  return symbolCount >= 2 && symbolCount * 12 > line.trim().length && !endsSentence(line.trim());
}

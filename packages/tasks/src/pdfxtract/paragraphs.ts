import { widthOf } from "./box.ts";
import { joinLines, type Vocabulary } from "./hyphenation.ts";
import type { TextBlock } from "./text-block.ts";
import type { TextLine } from "./text-line.ts";

const listItem = /^([•◦▪‣–—*]|\(?\d{1,3}[.)]|\(?[a-z]\)|\[\d{1,3}\])\s/u;
const sentenceEnd = /[.!?…:;"”»’)\]]$/u;

/** The text of blocks that are read one after the other, paragraphs apart by a blank line. */
export function toParagraphs(blocks: readonly TextBlock[], vocabulary: Vocabulary): string[] {
  const paragraphs: TextLine[][] = [];
  let last: TextBlock | undefined;
  for (const block of blocks) {
    const parts = splitBlock(block);
    const [first = [], ...others] = parts;
    const open = paragraphs.at(-1);
    if (open && last && runsOn(last, block)) open.push(...first);
    else paragraphs.push([...first]);
    paragraphs.push(...others);
    last = block;
  }
  return paragraphs.map((lines) => joinParagraph(lines, vocabulary)).filter((text) => text !== "");
}

function joinParagraph(lines: readonly TextLine[], vocabulary: Vocabulary): string {
  const texts = lines.map((line) => line.text);
  // Program listings mean their line ends.
  return lines.every((line) => line.monospaced) ? texts.join("\n") : joinLines(texts, vocabulary);
}

function splitBlock(block: TextBlock): TextLine[][] {
  const parts: TextLine[][] = [];
  block.lines.forEach((line, index) => {
    const part = parts.at(-1);
    const last = block.lines[index - 1];
    if (!part || !last || beginsParagraph(block, last, line)) parts.push([line]);
    else part.push(line);
  });
  return parts;
}

function beginsParagraph(block: TextBlock, last: TextLine, line: TextLine): boolean {
  if (listItem.test(line.text)) return true;
  if (last.monospaced !== line.monospaced) return true;
  // A heading in italics on a line of its own, as sections of the third order have it.
  if (last === block.lines[0] && last.italic && !line.italic && /^\p{Lu}/u.test(line.text)) return true;
  const indent = line.left - block.left;
  const em = block.fontSize;
  const indented = indent > 0.7 * em && indent < 4 * em && last.left - block.left < 0.4 * em;
  if (indented && !listItem.test(last.text) && !/[-‐]$/.test(last.text)) return true;
  const endsShort = block.right - last.right > 0.2 * widthOf(block);
  return endsShort && sentenceEnd.test(last.text) && !/^\p{Ll}/u.test(line.text);
}

/** Whether a paragraph goes on from the end of one block, mostly a column, to the start of the next. */
function runsOn(last: TextBlock, next: TextBlock): boolean {
  const end = last.lines.at(-1)!;
  const start = next.lines[0]!;
  if (listItem.test(start.text) || Math.abs(last.fontSize - next.fontSize) > 0.08 * last.fontSize)
    return false;
  if (last.bold !== next.bold || end.monospaced || start.monospaced) return false;
  if (/\p{L}[-‐\u00ad]$/u.test(end.text) || /^\p{Ll}/u.test(start.text)) return !/[.!?]$/.test(end.text);
  const goesUp = next.top < last.bottom;
  const fillsLine = last.right - end.right < 0.1 * widthOf(last);
  return goesUp && fillsLine && !sentenceEnd.test(end.text);
}

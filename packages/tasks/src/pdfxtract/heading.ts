import type { TextBlock } from "./text-block.ts";

// Headings set larger than the body open an article. At body size, in bold or capitals, they stay in the body as
// lines of their own: newspapers' crossheads, the sections of papers in the IEEE style. So a paper whose sections
// are set larger (the article and acmart classes) comes out as one article a section, a manual likewise, and a
// paper whose sections are not as one article a page.
const minHeadingRatio = 1.15;
// Below this, several sentences are text that is set a little larger.
const clearHeadingRatio = 1.35;
const maxHeadingCharacters = 240;
const maxHeadingLines = 7;
const maxCrossheadCharacters = 100;

export function isHeading(block: TextBlock, bodySize: number): boolean {
  if (block.fontSize < minHeadingRatio * bodySize) return false;
  if (block.text.length > maxHeadingCharacters || block.lines.length > maxHeadingLines) return false;
  if (block.fontSize < clearHeadingRatio * bodySize && isSentences(block)) return false;
  if (/\S@\S+\.\p{L}/u.test(block.text)) return false;
  return (block.text.match(/\p{L}/gu)?.length ?? 0) >= 3;
}

function isSentences(block: TextBlock): boolean {
  const breaks = block.text.match(/[\p{Ll}\d][.!?]\s+\p{Lu}/gu)?.length ?? 0;
  return breaks >= 2 || (breaks === 1 && block.lines.length >= 3);
}

/** A heading inside an article: no larger than the body, told by weight or capitals. */
export function isCrosshead(block: TextBlock, bodySize: number): boolean {
  if (block.lines.length > 2 || block.text.length > maxCrossheadCharacters) return false;
  if (block.fontSize < 0.85 * bodySize || /[.,;:]$/.test(block.text)) return false;
  if (!/\p{L}{3}/u.test(block.text)) return false;
  return block.bold || isCapitals(block.text);
}

export function isCapitals(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? [];
  const lower = text.match(/\p{Ll}/gu) ?? [];
  return letters.length >= 4 && lower.length <= 0.1 * letters.length && /\p{Lu}/u.test(text);
}

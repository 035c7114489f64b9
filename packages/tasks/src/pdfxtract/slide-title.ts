import type { PageText } from "./pdf-document.ts";
import type { TextBlock } from "./text-block.ts";

const minAspect = 1.2;
const maxSlideWords = 250;
const maxTitleCharacters = 120;

/** The first line of a slide: its title, though often hardly larger than what follows. */
export function slideTitle(
  blocks: readonly TextBlock[],
  page: Pick<PageText, "width" | "height">,
): TextBlock | undefined {
  if (page.width < minAspect * page.height) return undefined;
  const words = blocks.reduce(
    (sum, block) => sum + block.lines.reduce((count, line) => count + line.words.length, 0),
    0,
  );
  if (words > maxSlideWords || blocks.length < 2) return undefined;
  const [top, second] = [...blocks].sort((one, other) => one.top - other.top);
  if (!top || !second || second.top < top.bottom || top.lines.length > 2) return undefined;
  const largest = Math.max(...blocks.map((block) => block.fontSize));
  return top.text.length <= maxTitleCharacters && top.fontSize > 0.98 * largest ? top : undefined;
}

import { sharedWidth } from "./box.ts";
import { isCapitals, isHeading } from "./heading.ts";
import type { TextBlock } from "./text-block.ts";

const maxKickerCharacters = 40;

/** The headline that a short line in capitals or bold stands right above, as its section or subject. */
export function headlineUnder(
  block: TextBlock,
  blocks: readonly TextBlock[],
  bodySize: number,
): TextBlock | undefined {
  if (block.lines.length > 1 || block.text.length > maxKickerCharacters || /[.,;]$/.test(block.text))
    return undefined;
  if (!(block.bold || isCapitals(block.text)) || block.fontSize > 1.25 * bodySize) return undefined;
  return blocks.find((other) => {
    if (other === block || !isHeading(other, bodySize) || block.fontSize > 0.8 * other.fontSize) return false;
    const gap = other.top - block.bottom;
    return gap > -0.3 * other.fontSize && gap < other.fontSize && sharedWidth(block, other) > 0;
  });
}

import { boundsOf, sharedHeight, sharedWidth } from "./box.ts";
import { isHeading } from "./heading.ts";
import type { PageBox } from "./pdf-document.ts";
import type { TextBlock } from "./text-block.ts";

const maxDistanceEms = 9;

/**
 * The width that a headline heads, which may be more than its text fills: over four columns, a short headline
 * ranged left covers two. The columns beside it are its own when they begin level with the text under it and
 * nothing stands between them and the headline's top.
 */
export function reachOf(block: TextBlock, blocks: readonly TextBlock[], bodySize: number): PageBox {
  if (!isHeading(block, bodySize)) return block;
  const first = firstBodyBelow(block, blocks, bodySize);
  if (!first) return block;
  const own = blocks.filter(
    (other) =>
      isBody(other, bodySize) &&
      sharedWidth(other, block) <= 0 &&
      Math.abs(other.top - first.top) < 0.7 * bodySize &&
      isFree(corridorTo(other, block), blocks),
  );
  return boundsOf([block, ...own.map((column) => ({ ...column, top: block.top, bottom: block.bottom }))]);
}

function isBody(block: TextBlock, bodySize: number): boolean {
  return !isHeading(block, bodySize) && block.lines.length >= 2;
}

function firstBodyBelow(
  heading: TextBlock,
  blocks: readonly TextBlock[],
  bodySize: number,
): TextBlock | undefined {
  const below = blocks.filter(
    (block) =>
      isBody(block, bodySize) &&
      sharedWidth(block, heading) > 0 &&
      block.top > heading.bottom - 0.5 * bodySize &&
      block.top - heading.bottom < maxDistanceEms * bodySize &&
      block.fontSize <= 1.05 * bodySize,
  );
  if (below.length === 0) return undefined;
  return below.reduce((nearest, block) => (block.top < nearest.top ? block : nearest));
}

// From the headline to the column's far edge: whatever else stands there ends the headline's reach.
function corridorTo(column: TextBlock, heading: TextBlock): PageBox {
  return {
    left: Math.min(column.left, heading.right),
    right: Math.max(column.right, heading.left),
    top: heading.top,
    bottom: heading.bottom,
  };
}

function isFree(corridor: PageBox, blocks: readonly TextBlock[]): boolean {
  return !blocks.some((block) => sharedWidth(block, corridor) > 0.5 && sharedHeight(block, corridor) > 0.5);
}

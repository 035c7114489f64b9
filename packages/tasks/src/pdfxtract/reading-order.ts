import { heightOf, sharedHeight, widthOf } from "./box.ts";
import { splitAtHeadlineRow } from "./headline-rows.ts";
import type { Orderable } from "./orderable.ts";
import type { PageBox } from "./pdf-document.ts";

// A white band of this many lines across everything parts what stands above from what stands below, columns or not.
const partingBandEms = 4;
// Where the blocks that would have to be cut make up more than this share of the height, there are no columns.
const maxSpanningShare = 0.65;
// Boxes are a little higher than their letters, so lines set tight overlap.
const minSharedPoints = 2;

/**
 * Recursive XY-cut over blocks.
 *
 * Columns with clear white between them are read one after the other. Where a few blocks, mostly headlines, span the
 * white, they part the region into bands: what is above, the spanning block, what is below, each ordered by itself.
 */
export function inReadingOrder<Item extends Orderable>(items: readonly Item[], em: number): Item[] {
  if (items.length <= 1) return [...items];
  const parted = splitAt(items, "top", "bottom", partingBandEms * em);
  if (parted.length > 1) return parted.flatMap((part) => inReadingOrder(part, em));
  const rows = splitAtHeadlineRow(items, em);
  if (rows.length > 1) return rows.flatMap((row) => inReadingOrder(row, em));
  const columns = splitAt(items, "left", "right", 0);
  if (columns.length > 1) return columns.flatMap((column) => inReadingOrder(column, em));
  const spanning = spanningBlocks(items);
  if (!spanning) return [...items].sort((one, other) => one.top - other.top || one.left - other.left);
  return bandsAround(items, spanning).flatMap((band) => inReadingOrder(band, em));
}

type Side = "left" | "right" | "top" | "bottom";

function splitAt<Item extends Orderable>(
  items: readonly Item[],
  from: Side,
  to: Side,
  minGap: number,
): Item[][] {
  const sorted = [...items].sort((one, other) => one.reach[from] - other.reach[from]);
  const parts: Item[][] = [];
  let end = -Infinity;
  for (const item of sorted) {
    const part = parts.at(-1);
    if (!part || item.reach[from] - end > minGap) parts.push([item]);
    else part.push(item);
    end = Math.max(end, item.reach[to]);
  }
  return parts;
}

/**
 * The blocks that part the region: those across the vertical cut that crosses the least. A block with nothing beside
 * it parts better than one in a row of columns, so cuts across such blocks alone come first, and where there are none
 * (three columns above four have no cut in common) the widest of them. undefined when nothing stands side by side.
 */
function spanningBlocks<Item extends Orderable>(items: readonly Item[]): Set<Item> | undefined {
  const alone = new Set(
    items.filter((item) => !items.some((other) => other !== item && isBeside(item, other))),
  );
  const cuts = cutsThrough(items);
  if (cuts.length === 0) return undefined;
  const clean = lightest(cuts.filter((crossed) => crossed.every((item) => alone.has(item))));
  if (clean) return new Set(clean);
  if (alone.size > 0) return new Set([widest([...alone])]);
  const crossed = lightest(cuts)!;
  return weightOf(crossed) <= maxSpanningShare * weightOf(items) ? new Set(crossed) : undefined;
}

function cutsThrough<Item extends Orderable>(items: readonly Item[]): Item[][] {
  const cuts: Item[][] = [];
  for (const { reach } of items) {
    const x = reach.right + 0.01;
    const before = items.filter((item) => item.reach.right < x);
    const after = items.filter((item) => item.reach.left > x);
    if (!standSideBySide(before, after)) continue;
    cuts.push(items.filter((item) => item.reach.left <= x && item.reach.right >= x));
  }
  return cuts;
}

function lightest<Item extends Orderable>(cuts: readonly Item[][]): Item[] | undefined {
  if (cuts.length === 0) return undefined;
  return cuts.reduce((least, cut) => (weightOf(cut) < weightOf(least) ? cut : least));
}

function weightOf(items: readonly PageBox[]): number {
  return items.reduce((sum, item) => sum + heightOf(item), 0);
}

function widest<Item extends Orderable>(items: readonly Item[]): Item {
  return items.reduce((most, item) => (widthOf(item.reach) > widthOf(most.reach) ? item : most));
}

function isBeside(one: PageBox, other: PageBox): boolean {
  return sharedHeight(one, other) > minSharedPoints;
}

function standSideBySide(before: readonly PageBox[], after: readonly PageBox[]): boolean {
  return before.some((one) => after.some((other) => isBeside(one, other)));
}

function bandsAround<Item extends Orderable>(items: readonly Item[], spanning: Set<Item>): Item[][] {
  const bars = [...spanning].sort((one, other) => one.top - other.top);
  const bands: Item[][] = Array.from({ length: bars.length + 1 }, () => []);
  for (const item of items) {
    if (spanning.has(item)) continue;
    const below = bars.filter((bar) => middleOf(bar) < middleOf(item)).length;
    bands[below]?.push(item);
  }
  return bands.flatMap((band, index) => {
    const bar = bars[index];
    return bar ? [band, [bar]] : [band];
  });
}

function middleOf(box: PageBox): number {
  return (box.top + box.bottom) / 2;
}

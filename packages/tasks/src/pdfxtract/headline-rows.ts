import { sharedWidth } from "./box.ts";
import type { Orderable } from "./orderable.ts";

const maxStaggerEms = 2.5;
const overlapPoints = 2;

/**
 * Splits a region above a row of headlines: where, below a line that cuts no block, every one of two or more columns
 * begins with a headline, all of what stands above is read first. Two stories over one another often share a gutter,
 * down which the columns would else be read from one into the other.
 */
export function splitAtHeadlineRow<Item extends Orderable>(items: readonly Item[], em: number): Item[][] {
  for (const headline of items.filter((item) => item.opensArticle)) {
    const line = headline.top + overlapPoints;
    const above = items.filter((item) => item.bottom <= line);
    const below = items.filter((item) => item.top >= headline.top - maxStaggerEms * em && item.bottom > line);
    if (above.length === 0 || above.length + below.length < items.length) continue;
    const tops = below.filter((item) => !below.some((other) => standsOn(other, item)));
    const inRow = tops.every((item) => item.opensArticle && item.top - headline.top < maxStaggerEms * em);
    if (tops.length >= 2 && inRow) return [above, below];
  }
  return [[...items]];
}

function standsOn(upper: Orderable, lower: Orderable): boolean {
  return upper !== lower && upper.top < lower.top && sharedWidth(upper.reach, lower.reach) > 0;
}

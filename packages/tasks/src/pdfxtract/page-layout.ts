import { assembleArticles } from "./article-assembly.ts";
import type { ArticleDraft } from "./article-draft.ts";
import { boundsOf } from "./box.ts";
import { isHeading } from "./heading.ts";
import { reachOf } from "./heading-reach.ts";
import { headlineUnder } from "./kicker.ts";
import type { PageText } from "./pdf-document.ts";
import { inReadingOrder } from "./reading-order.ts";
import { slideTitle } from "./slide-title.ts";
import { buildBlocks, type TextBlock } from "./text-block.ts";
import type { TextLine } from "./text-line.ts";

// On top of what makes a heading: sections of a paper, which may begin level by chance, are set smaller.
const openingRatio = 1.15;

/** The articles of one page, from its lines without running heads and folios. */
export function layOutPage(
  lines: readonly TextLine[],
  page: Pick<PageText, "width" | "height" | "images">,
  bodySize: number,
): ArticleDraft[] {
  const blocks = buildBlocks(lines);
  if (blocks.length === 0) return [];
  return assembleArticles(orderBlocks(blocks, bodySize), {
    bodySize,
    images: page.images,
    page: boundsOf(blocks),
    blocks,
    slideTitle: slideTitle(blocks, page),
  });
}

function orderBlocks(blocks: readonly TextBlock[], bodySize: number): TextBlock[] {
  const placed = blocks.map((block) => {
    const headline = headlineUnder(block, blocks, bodySize);
    const reach = headline
      ? { ...reachOf(headline, blocks, bodySize), top: block.top, bottom: block.bottom }
      : undefined;
    const opensArticle = isHeading(headline ?? block, openingRatio * bodySize);
    return { ...block, block, opensArticle, reach: reach ?? reachOf(block, blocks, bodySize) };
  });
  return inReadingOrder(placed, bodySize).map((item) => item.block);
}

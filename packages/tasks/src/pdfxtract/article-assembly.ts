import { type ArticleDraft, emptyDraft, isEmptyDraft } from "./article-draft.ts";
import { type BlockRole, type PageContext, roleOf } from "./block-role.ts";
import { sharedWidth, widthOf } from "./box.ts";
import { isAffiliation, isByline } from "./byline.ts";
import { headlineUnder } from "./kicker.ts";
import type { TextBlock } from "./text-block.ts";

const maxDeckCharacters = 400;
const maxDeckLines = 5;
const maxDeckDistance = 1.5;
const maxBylineDistanceEms = 5;
const mastheadZoneShare = 0.2;
const maxMastheadCharacters = 160;
const maxMastheadWords = 6;

type RoledBlock = { block: TextBlock; role: BlockRole };

/** Blocks in reading order to articles. A heading opens one; what follows belongs to it until the next. */
export function assembleArticles(blocks: readonly TextBlock[], context: PageContext): ArticleDraft[] {
  const roled = blocks.map((block) => ({ block, role: roleOf(block, context) }));
  const drafts: ArticleDraft[] = [emptyDraft()];
  for (const item of roled) {
    if (headlineUnder(item.block, blocks, context.bodySize))
      drafts.push({ ...emptyDraft(), subtitle: [item.block] });
    else place(drafts, item, context);
  }
  return withoutMasthead(
    drafts.filter((draft) => !isEmptyDraft(draft)),
    context,
  );
}

/** The newspaper's own name, with the line of date and place under it, is not an article of its page. */
function withoutMasthead(drafts: ArticleDraft[], { page }: PageContext): ArticleDraft[] {
  const [first, ...others] = drafts;
  const title = first?.title[0];
  if (!first || !title || !others.some((other) => other.title.length > 0 && other.body.length > 0))
    return drafts;
  const text = [...first.body, ...first.subtitle].map((block) => block.text).join(" ");
  const high = title.bottom < page.top + mastheadZoneShare * (page.bottom - page.top);
  const bare = text.length <= maxMastheadCharacters && !/\p{Ll}[.!?](\s|$)/u.test(text);
  return high && bare && title.text.split(" ").length <= maxMastheadWords ? others : drafts;
}

function place(drafts: ArticleDraft[], item: RoledBlock, context: PageContext): void {
  const { block, role } = item;
  const draft = drafts.at(-1)!;
  if (role === "noise") return;
  if (role === "aside") draft.asides.push(block);
  else if (draft.body.length === 0 && startsArticle(draft)) placeInHead(drafts, item, context);
  else if (role === "heading") openArticle(drafts, block);
  // Where a page begins with one, there is nothing that it could divide.
  else if (role === "crosshead" && isEmptyDraft(draft)) draft.title.push(block);
  else draft.body.push(block);
}

function startsArticle(draft: ArticleDraft): boolean {
  return draft.title.length > 0 || draft.subtitle.length > 0;
}

function openArticle(drafts: ArticleDraft[], title: TextBlock): void {
  drafts.push({ ...emptyDraft(), title: [title] });
}

/** Between a headline and the first text under it: more of the headline, a deck, a byline, or the text. */
function placeInHead(drafts: ArticleDraft[], { block, role }: RoledBlock, context: PageContext): void {
  const draft = drafts.at(-1)!;
  const title = draft.title.at(-1);
  if (!title) {
    // Only a kicker so far.
    if (role === "heading") draft.title.push(block);
    else draft.body.push(block);
    return;
  }
  if (isBylineUnder(draft, block, title, context)) draft.author.push(block);
  else if (draft.author.length > 0 && role === "body" && isAffiliation(block)) draft.asides.push(block);
  else if (role === "heading" && continuesTitle(title, block)) draft.title.push(block);
  else if (role === "heading" && block.fontSize > 0.95 * title.fontSize) openArticle(drafts, block);
  else if (role === "heading" && draft.author.length > 0) openArticle(drafts, block);
  else if (role === "heading" && hasDeck(draft, title) && !continuesTitle(draft.subtitle.at(-1)!, block)) {
    openArticle(drafts, block);
  } else if (isDeck(block, role, title, draft, context)) placeDeck(draft, block);
  else if (role === "heading") openArticle(drafts, block);
  else draft.body.push(block);
}

function isBylineUnder(
  draft: ArticleDraft,
  block: TextBlock,
  title: TextBlock,
  { bodySize }: PageContext,
): boolean {
  const lesser = block.fontSize < 0.95 * title.fontSize || (title.bold && !block.bold);
  if (!isByline(block, bodySize) || !lesser) return false;
  const named = draft.author[0];
  if (named && block.fontSize < 0.95 * named.fontSize) return false;
  const head = [...draft.title, ...draft.subtitle, ...draft.author, ...draft.asides];
  const distance = block.top - Math.max(...head.map((other) => other.bottom));
  return distance < maxBylineDistanceEms * bodySize;
}

function hasDeck(draft: ArticleDraft, title: TextBlock): boolean {
  return draft.subtitle.some((block) => block.top >= title.top);
}

// A kicker above the headline has held the place of the subtitle until a real one came.
function placeDeck(draft: ArticleDraft, deck: TextBlock): void {
  const title = draft.title[0]!;
  draft.subtitle = draft.subtitle.filter((block) => block.top >= title.bottom);
  draft.subtitle.push(deck);
}

function continuesTitle(title: TextBlock, block: TextBlock): boolean {
  const sameStyle =
    Math.abs(title.fontSize - block.fontSize) < 0.06 * title.fontSize && title.bold === block.bold;
  const gap = block.top - title.bottom;
  return sameStyle && gap < 1.2 * title.fontSize && gap > -1.5 * title.fontSize;
}

function isDeck(
  block: TextBlock,
  role: BlockRole,
  title: TextBlock,
  draft: ArticleDraft,
  { bodySize }: PageContext,
): boolean {
  if (draft.author.length > 0 && block.fontSize <= 1.05 * bodySize) return false;
  if (block.text.length > maxDeckCharacters || block.lines.length > maxDeckLines) return false;
  if (block.top < title.top || block.top - title.bottom > maxDeckDistance * title.fontSize) return false;
  if (role === "heading" || block.fontSize >= 1.06 * bodySize) return true;
  const spansLikeTitle = widthOf(block) > 0.5 * widthOf(title) && sharedWidth(block, title) > 0;
  return (
    title.fontSize >= 1.5 * bodySize &&
    (block.bold || block.italic) &&
    spansLikeTitle &&
    draft.subtitle.length === 0
  );
}

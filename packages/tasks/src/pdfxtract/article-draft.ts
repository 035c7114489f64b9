import type { TextBlock } from "./text-block.ts";

/** An article while its blocks are being gathered. */
export type ArticleDraft = {
  title: TextBlock[];
  subtitle: TextBlock[];
  author: TextBlock[];
  body: TextBlock[];
  /** Captions, notes and dates: kept after the body, out of the way of its sentences. */
  asides: TextBlock[];
};

export function emptyDraft(): ArticleDraft {
  return { title: [], subtitle: [], author: [], body: [], asides: [] };
}

export function isEmptyDraft(draft: ArticleDraft): boolean {
  return Object.values(draft).every((blocks) => blocks.length === 0);
}

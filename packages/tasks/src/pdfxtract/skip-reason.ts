import type { PageText } from "./pdf-document.ts";

export const damagedPage = "damaged page";

/** Why a page has no text to read; undefined when it has. */
export function skipReason(page: PageText | undefined): string | undefined {
  if (!page) return damagedPage;
  const glyphs = page.runs.reduce((sum, run) => sum + run.text.length, 0);
  if (page.unreadableGlyphs > glyphs)
    return "text layer cannot be read: its fonts do not say which characters they show";
  if (page.runs.length > 0) return undefined;
  return page.images.length > 0 ? "no text layer: scanned image?" : "blank page";
}

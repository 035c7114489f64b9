import type { Article, PdfPage } from "./built-in-results.ts";

/** The pages that hold what is sought, with only the articles that do; an empty search keeps all. */
export function findArticles(pages: readonly PdfPage[], search: string): PdfPage[] {
  const sought = fold(search.trim());
  if (sought === "") return [...pages];
  return pages
    .map((page) => ({ ...page, articles: page.articles.filter((article) => holds(article, sought)) }))
    .filter((page) => page.articles.length > 0);
}

function holds({ title, subtitle, author, body, topics, summary }: Article, sought: string): boolean {
  return [title, subtitle, author, body, summary, ...topics].some((text) => fold(text).includes(sought));
}

/** Without case and accents, so that "cafe" finds "Café". */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

export type Piece = { text: string; isMatch: boolean };

/** A text cut at what is sought, for marking it. Accents count here, as offsets would move without them. */
export function cutAtMatches(text: string, search: string): Piece[] {
  const sought = search.trim().toLowerCase();
  const lower = text.toLowerCase();
  if (sought === "" || lower.length !== text.length) return [{ text, isMatch: false }];
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = lower.indexOf(sought); at !== -1; at = lower.indexOf(sought, from)) {
    if (at > from) pieces.push({ text: text.slice(from, at), isMatch: false });
    from = at + sought.length;
    pieces.push({ text: text.slice(at, from), isMatch: true });
  }
  if (from < text.length || pieces.length === 0) pieces.push({ text: text.slice(from), isMatch: false });
  return pieces;
}

import type { PdfArticle } from "./pdf-extract.ts";

/** The text layer of a page in reading order, for a model that sees its picture too. */
export function pageText(articles: readonly PdfArticle[]): string {
  return articles
    .map(({ title, subtitle, author, body }) => [title, subtitle, author, body].filter(isText).join("\n"))
    .join("\n\n");
}

const isText = (text: string): boolean => text !== "";

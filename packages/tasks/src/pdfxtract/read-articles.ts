import { type ArticleText, toArticleText } from "./article-text.ts";
import { bodySizeOf, commonestSize } from "./body-size.ts";
import { buildVocabulary } from "./hyphenation.ts";
import { findIssueDate } from "./issue-date.ts";
import { layOutPage } from "./page-layout.ts";
import { linesOf, wordsOf } from "./page-lines.ts";
import type { PdfDocument } from "./pdf-document.ts";
import type { PdfArticle, PdfExtract, PdfPageExtract } from "./pdf-extract.ts";
import { type PageLines, splitFurniture, topLines } from "./running-heads.ts";
import { skipReason } from "./skip-reason.ts";
import type { TextLine } from "./text-line.ts";
import { findTopics } from "./topics.ts";

export type ReadOptions = {
  filename: string;
  issueDate?: string | undefined;
  /** One or two sentences of a body; "" when it is too short to need them. */
  summarize: (body: string) => string;
  onPage: (done: number, total: number) => void;
};

// The issue's date is looked for on its first pages.
const datePages = 2;

/** A document's text layer to articles, page by page. */
export function readArticles(document: PdfDocument, options: ReadOptions): PdfExtract {
  const pages = Array.from({ length: document.pageCount }, (_, index) => readPage(document, index));
  const allWords = pages.flatMap((page) => page.words);
  const documentSize = commonestSize(allWords);
  const split = splitFurniture(
    pages.map((page) => page.lines),
    documentSize,
  );
  const vocabulary = buildVocabulary(split.flatMap(({ text }) => textsOf(text)));
  const extracts = pages.map((page, index): PdfPageExtract => {
    const lines = split[index]?.text ?? [];
    const drafts = layOutPage(lines, page, bodySizeOf(page.words, documentSize));
    const articles = drafts.map((draft) => toArticle(toArticleText(draft, vocabulary), options.summarize));
    options.onPage(index + 1, pages.length);
    return toPageExtract(index, page.reason, articles.filter(hasText));
  });
  return { filename: options.filename, issue_date: options.issueDate || issueDateOf(split), pages: extracts };
}

function issueDateOf(pages: readonly PageLines[]): string {
  const first = pages.slice(0, datePages);
  return findIssueDate({
    margins: first.flatMap(({ furniture }) => textsOf(furniture)),
    firstPageTop: textsOf(topLines(pages[0]?.text ?? [])),
    elsewhere: first.flatMap(({ text }) => textsOf(text)),
  });
}

function textsOf(lines: readonly TextLine[]): string[] {
  return lines.map((line) => line.text);
}

function readPage(document: PdfDocument, index: number) {
  const page = document.readPage(index);
  const reason = skipReason(page);
  const words = page && reason === undefined ? wordsOf(page) : [];
  return {
    reason,
    words,
    lines: linesOf(words),
    width: page?.width ?? 0,
    height: page?.height ?? 0,
    images: page?.images ?? [],
  };
}

function toPageExtract(index: number, reason: string | undefined, articles: PdfArticle[]): PdfPageExtract {
  const page = { page_number: index + 1, articles };
  if (articles.length > 0) return { ...page, status: "processed", reason: "" };
  return { ...page, status: "skipped", reason: reason ?? "no text beside page numbers and running heads" };
}

function toArticle(text: ArticleText, summarize: ReadOptions["summarize"]): PdfArticle {
  const body = text.paragraphs.join("\n\n");
  return {
    title: text.title,
    subtitle: text.subtitle,
    author: text.author,
    body: [...text.paragraphs, ...text.asides].join("\n\n"),
    topics: findTopics([text.title, text.subtitle].join(". "), body),
    summary: summarize(body),
  };
}

function hasText(article: PdfArticle): boolean {
  return article.title !== "" || article.subtitle !== "" || article.body !== "";
}

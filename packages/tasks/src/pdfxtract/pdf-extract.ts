export type PdfArticle = {
  title: string;
  subtitle: string;
  author: string;
  /** Paragraphs apart by a blank line, hyphens at line ends taken out. */
  body: string;
  topics: string[];
  summary: string;
};

export type PdfPageExtract = {
  page_number: number;
  status: "processed" | "skipped";
  /** Why the page was skipped; "" when it was processed. */
  reason: string;
  articles: PdfArticle[];
};

export type PdfExtract = {
  filename: string;
  /** ISO date, or "unknown". */
  issue_date: string;
  pages: PdfPageExtract[];
};

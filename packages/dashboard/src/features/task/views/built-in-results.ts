/** What summarize and pdfxtract answer, checked: a task may have been made by another version. */
import { z } from "zod/mini";

const ofModel = {
  model: z.nullable(z.string()),
  prompt_tokens: z.nullable(z.number()),
  completion_tokens: z.nullable(z.number()),
  cost: z.nullable(z.number()),
};

const summaryResult = z.object({
  summary: z.string(),
  method: z.enum(["model", "extractive"]),
  language: z.string(),
  sentences_in: z.number(),
  sentences_out: z.number(),
  is_truncated: z.boolean(),
  fallback_reason: z.nullable(z.string()),
  parts: z.nullable(z.number()),
  ...ofModel,
});
export type SummaryResult = z.infer<typeof summaryResult>;

const article = z.object({
  title: z.string(),
  subtitle: z.string(),
  author: z.string(),
  body: z.string(),
  topics: z.array(z.string()),
  summary: z.string(),
});
export type Article = z.infer<typeof article>;

const page = z.object({
  page_number: z.number(),
  status: z.enum(["processed", "skipped"]),
  reason: z.string(),
  articles: z.array(article),
});
export type PdfPage = z.infer<typeof page>;

const pdfResult = z.object({
  filename: z.string(),
  issue_date: z.string(),
  pages: z.array(page),
  method: z.enum(["model", "text_layer"]),
  ...ofModel,
});
export type PdfResult = z.infer<typeof pdfResult>;

export function readSummaryResult(value: unknown): SummaryResult | null {
  return summaryResult.safeParse(value).data ?? null;
}

export function readPdfResult(value: unknown): PdfResult | null {
  return pdfResult.safeParse(value).data ?? null;
}

import { z } from "zod";

export const articleSchema = z.object({
  title: z.string(),
  subtitle: z.string(),
  author: z.string(),
  body: z.string(),
  topics: z.array(z.string()),
  summary: z.string(),
});

const pageSchema = z.object({
  page_number: z.int().min(1),
  status: z.enum(["processed", "skipped"]),
  reason: z.string().describe('Why the page was skipped; "" when it was processed'),
  articles: z.array(articleSchema),
});

const ofModel = "; null when no model was asked";

export const pdfResult = z.object({
  filename: z.string(),
  issue_date: z.string().describe('ISO date, or "unknown"'),
  pages: z.array(pageSchema),
  method: z
    .enum(["model", "text_layer"])
    .describe("Read by a vision model from pictures of the pages, or from their text layer alone"),
  model: z.string().nullable().describe(`The model that read the pages${ofModel}`),
  prompt_tokens: z.int().min(0).nullable().describe(`Of all pages${ofModel}`),
  completion_tokens: z.int().min(0).nullable().describe(`Of all pages${ofModel}`),
  cost: z.number().min(0).nullable().describe(`Of all pages, US dollars${ofModel}`),
});

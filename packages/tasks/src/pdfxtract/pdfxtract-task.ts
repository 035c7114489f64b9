import { primaryQueue } from "@workstream/core";
import { defineTask, permanent, type TaskContext, taskError } from "@workstream/worker";
import { z } from "zod";
import { extractPdf } from "./extract-pdf.ts";
import { PdfError } from "./pdf-error.ts";
import { defaultPdfLimits } from "./pdf-limits.ts";

const article = z.object({
  title: z.string(),
  subtitle: z.string(),
  author: z.string(),
  body: z.string(),
  topics: z.array(z.string()),
  summary: z.string(),
});

const page = z.object({
  page_number: z.int().min(1),
  status: z.enum(["processed", "skipped"]),
  reason: z.string().describe('Why the page was skipped; "" when it was processed'),
  articles: z.array(article),
});

/** Time beside the reading itself: fetching the bytes and storing the result. */
const overheadMs = 30_000;

/** A PDF, such as a newspaper → its articles by page, from the text layer. */
export const pdfxtract = defineTask({
  type: "pdfxtract",
  queue: primaryQueue,
  description: "Extracts the articles of a PDF, page by page, from its text layer",
  input: z.object({
    filename: z.string(),
    issue_date: z.iso.date().nullish(),
  }),
  output: z.object({
    filename: z.string(),
    issue_date: z.string().describe('ISO date, or "unknown"'),
    pages: z.array(page),
  }),
  takesFile: true,
  timeoutMs: defaultPdfLimits.timeoutMs + overheadMs,
  async run({ filename, issue_date: issueDate }, ctx) {
    const bytes = await readAll(ctx);
    try {
      return await extractPdf(bytes, {
        filename,
        ...(issueDate && { issueDate }),
        signal: ctx.signal,
        onPage: (done, total) => ctx.progress({ pages_done: done, pages_total: total }),
      });
    } catch (error) {
      throw error instanceof PdfError ? verdictOn(error) : error;
    }
  },
});

/** Another attempt reads the same bytes, so what is wrong with them stays wrong; only time may be had later. */
function verdictOn(error: PdfError): Error {
  const mayPass = error.kind === "timeout" || error.kind === "aborted";
  return mayPass
    ? taskError("Default", error.message, { cause: error })
    : permanent(error.message, { cause: error });
}

async function readAll(ctx: TaskContext): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of ctx.readInput()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

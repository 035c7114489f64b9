import { createHash } from "node:crypto";
import type { TaskContext } from "@workstream/worker";
import type { AskModel } from "../model/ask-model.ts";
import { mapBounded } from "../model/map-bounded.ts";
import { addUsage, type ModelUsage } from "../model/model-usage.ts";
import type { ChatModel } from "../openrouter/chat-model.ts";
import { OpenRouterError } from "../openrouter/openrouter-error.ts";
import type { PdfxtractPrompt } from "../prompts.ts";
import { unknownDate } from "./issue-date.ts";
import { pageText } from "./page-text.ts";
import { PagedPdf } from "./paged-pdf.ts";
import type { PdfExtract } from "./pdf-extract.ts";
import { type PageReading, readPage, skipped } from "./read-page.ts";

export type ModelReaderParts = {
  chat: ChatModel;
  ask: AskModel;
  prompt: PdfxtractPrompt;
  context: Pick<TaskContext, "signal" | "step" | "progress" | "retriesLeft">;
};

export type PdfFile = { bytes: Uint8Array; filename: string; issueDate: string | undefined };

export type ModelExtract = PdfExtract & { usage: ModelUsage };

const pagesAtOnce = 4;

/**
 * The articles of a PDF, each page read by a vision model. A page that was read, or skipped for what is wrong with it, is
 * remembered, so another attempt asks only for those that are missing. What still fails in the last attempt is skipped,
 * unless no page could be read at all.
 * @throws PdfError why the file gives no result · OpenRouterError for what is wrong with the service
 */
export async function readPdfByModel(parts: ModelReaderParts, file: PdfFile): Promise<ModelExtract> {
  const pdf = new PagedPdf(file.bytes, { signal: parts.context.signal });
  try {
    const extract = await pdf.extract(file);
    const readings = await readPages(parts, pdf, extract);
    return {
      filename: file.filename,
      issue_date: issueDateOf(extract, readings),
      pages: readings.map((reading) => reading.page),
      usage: usageOf(readings, parts.chat),
    };
  } finally {
    await pdf.close();
  }
}

async function readPages(
  parts: ModelReaderParts,
  pdf: PagedPdf,
  { pages }: PdfExtract,
): Promise<PageReading[]> {
  const { context } = parts;
  const reader = { ...parts, draw: (index: number) => pdf.drawPage(index) };
  const key = fingerprint(parts);
  const faults: OpenRouterError[] = [];
  let doneCount = 0;
  const readings = await mapBounded(pages, pagesAtOnce, async ({ page_number: number, articles }) => {
    const source = { number, pageCount: pages.length, text: pageText(articles) };
    const read = context.step(`page-${number}-${key}`, () => readPage(reader, source));
    const reading = await read.catch((error: unknown) => {
      if (context.retriesLeft > 0 || !isDown(error)) throw error;
      faults.push(error);
      return skipped(source, error.message);
    });
    doneCount += 1;
    context.progress({ pages_done: doneCount, pages_total: pages.length });
    return reading;
  });
  const isNoneRead = readings.every(({ usage }) => usage === null);
  if (faults[0] && isNoneRead) throw faults[0];
  return readings;
}

/** What another attempt may reuse was read by the same model and prompt. */
function fingerprint({ chat, prompt }: ModelReaderParts): string {
  const facts = JSON.stringify([chat.model, prompt({ page: "", pages: "" })]);
  return createHash("sha256").update(facts).digest("hex").slice(0, 12);
}

/** In every attempt so far: with this page, if others could be read. */
function isDown(error: unknown): error is OpenRouterError {
  if (!(error instanceof OpenRouterError)) return false;
  return (
    error.errorType === "NetworkTimeout" || error.state === "service_unavailable" || error.state === "error"
  );
}

function issueDateOf(extract: PdfExtract, [first]: readonly PageReading[]): string {
  return extract.issue_date === unknownDate ? (first?.issueDate ?? unknownDate) : extract.issue_date;
}

function usageOf(readings: readonly PageReading[], { model }: ChatModel): ModelUsage {
  const none = { model, promptTokens: 0, completionTokens: 0, cost: 0 };
  return readings.reduce((sum, { usage }) => (usage ? addUsage(sum, usage) : sum), none);
}

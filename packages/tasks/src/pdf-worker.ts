/**
 * Entry of the thread that reads one PDF: started with a PdfThreadInput, it answers each PdfThreadRequest with
 * PdfThreadMessages until it is ended, or has failed. Built as a file of its own; see pdf-thread.ts for how it is
 * found.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { PageImage, PdfThreadInput, PdfThreadMessage, PdfThreadRequest } from "./pdf-thread-protocol.ts";
import { grayPng } from "./pdfxtract/gray-png.ts";
import type { GrayImage, PdfDocument } from "./pdfxtract/pdf-document.ts";
import { PdfError } from "./pdfxtract/pdf-error.ts";
import type { PdfExtract } from "./pdfxtract/pdf-extract.ts";
import { openPdfDocument } from "./pdfxtract/pdfium-document.ts";
import { loadPdfium, outOfMemory } from "./pdfxtract/pdfium-module.ts";
import { readArticles } from "./pdfxtract/read-articles.ts";
import { damagedPage } from "./pdfxtract/skip-reason.ts";
import { summarizeExtractively } from "./summarize/extractive-summary.ts";

const maxSummarySentences = 2;
// Under this a body is its own summary.
const minCharactersToSummarize = 200;
// Scans of empty pages are never quite even.
const maxBlankContrast = 8;

let opening: Promise<PdfDocument> | undefined;

parentPort?.on("message", async (request: PdfThreadRequest) => {
  try {
    opening ??= open(workerData);
    post(answerTo(request, await opening));
  } catch (error) {
    const known = asPdfError(error);
    // Anything else is a fault of the program: it ends the thread, whose parent gets it as it is.
    if (!known) throw error;
    post({ type: "failed", kind: known.kind, message: known.message });
    // What pdfium was torn out of can't go on.
    parentPort?.close();
  }
});

async function open({ bytes, maxPages, pdfiumMemoryBytes }: PdfThreadInput): Promise<PdfDocument> {
  const document = openPdfDocument(await loadPdfium(pdfiumMemoryBytes), bytes);
  assertPageCount(document.pageCount, maxPages);
  return document;
}

function answerTo(request: PdfThreadRequest, document: PdfDocument): PdfThreadMessage {
  if (request.type === "extract") return { type: "extract", extract: extract(request, document) };
  return { type: "image", image: pageImage(document.renderPage(request.index)) };
}

function extract(
  { filename, issueDate, summarizes }: Extract<PdfThreadRequest, { type: "extract" }>,
  document: PdfDocument,
): PdfExtract {
  const found = readArticles(document, {
    filename,
    issueDate,
    summarize: summarizes ? summarize : () => "",
    onPage: (done, total) => post({ type: "page", done, total }),
  });
  if (found.pages.every((page) => page.reason === damagedPage)) {
    throw new PdfError(
      "corrupted",
      "This PDF is damaged: none of its pages can be read. Save or download it again.",
    );
  }
  return found;
}

function pageImage(image: GrayImage | undefined): PageImage {
  if (!image) return { kind: "damaged" };
  return isBlank(image) ? { kind: "blank" } : { kind: "shown", png: grayPng(image) };
}

function isBlank({ pixels }: GrayImage): boolean {
  let darkest = 255;
  let lightest = 0;
  for (const pixel of pixels) {
    if (pixel < darkest) darkest = pixel;
    if (pixel > lightest) lightest = pixel;
  }
  return lightest - darkest <= maxBlankContrast;
}

function assertPageCount(pageCount: number, maxPages: number): void {
  if (pageCount === 0) throw new PdfError("corrupted", "This PDF has no pages. Save or download it again.");
  if (pageCount <= maxPages) return;
  throw new PdfError(
    "too_many_pages",
    `This PDF has ${pageCount} pages, and at most ${maxPages} are read. Split it.`,
  );
}

function summarize(body: string): string {
  if (body.length < minCharactersToSummarize) return "";
  return summarizeExtractively(body, { maxSentences: maxSummarySentences }).summary;
}

function asPdfError(error: unknown): PdfError | undefined {
  if (error instanceof PdfError) return error;
  if (error instanceof RangeError && /memory|allocation/i.test(error.message)) return outOfMemory();
  const crashed =
    error instanceof WebAssembly.RuntimeError ||
    (error instanceof RangeError && /call stack/.test(error.message));
  if (!crashed) return undefined;
  return new PdfError(
    "corrupted",
    "This PDF is damaged: it brings its reader down. Save or download it again.",
  );
}

function post(message: PdfThreadMessage): void {
  parentPort?.postMessage(message);
}

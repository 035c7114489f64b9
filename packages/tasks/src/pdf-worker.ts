/**
 * Entry of the thread that reads one PDF: started with a PdfThreadInput, it answers with PdfThreadMessages and ends.
 * Built as a file of its own; see pdf-thread.ts for how it is found.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { PdfThreadInput, PdfThreadMessage } from "./pdf-thread-protocol.ts";
import { PdfError } from "./pdfxtract/pdf-error.ts";
import { openPdfDocument } from "./pdfxtract/pdfium-document.ts";
import { loadPdfium, outOfMemory } from "./pdfxtract/pdfium-module.ts";
import { readArticles } from "./pdfxtract/read-articles.ts";
import { damagedPage } from "./pdfxtract/skip-reason.ts";
import { summarizeExtractively } from "./summarize/extractive-summary.ts";

const maxSummarySentences = 2;
// Under this a body is its own summary.
const minCharactersToSummarize = 200;

try {
  const input: PdfThreadInput = workerData;
  post({ type: "extract", extract: await read(input) });
} catch (error) {
  const known = asPdfError(error);
  // Anything else is a fault of the program: it ends the thread, whose parent gets it as it is.
  if (!known) throw error;
  post({ type: "failed", kind: known.kind, message: known.message });
}

async function read(input: PdfThreadInput) {
  const pdfium = await loadPdfium(input.pdfiumMemoryBytes);
  const document = openPdfDocument(pdfium, input.bytes);
  assertPageCount(document.pageCount, input.maxPages);
  const extract = readArticles(document, {
    filename: input.filename,
    issueDate: input.issueDate,
    summarize,
    onPage: (done, total) => post({ type: "page", done, total }),
  });
  if (extract.pages.every((page) => page.reason === damagedPage)) {
    throw new PdfError(
      "corrupted",
      "This PDF is damaged: none of its pages can be read. Save or download it again.",
    );
  }
  return extract;
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

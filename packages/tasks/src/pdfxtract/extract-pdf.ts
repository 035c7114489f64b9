import { PdfThread } from "../pdf-thread.ts";
import { PdfError } from "./pdf-error.ts";
import type { PdfExtract } from "./pdf-extract.ts";
import { defaultPdfLimits, type PdfLimits, pdfiumMemoryBytes } from "./pdf-limits.ts";
import { hasPdfHeader } from "./pdf-signature.ts";

export { PdfError, type PdfErrorKind } from "./pdf-error.ts";
export type { PdfExtract } from "./pdf-extract.ts";

export type ExtractPdfOptions = {
  filename: string;
  /** ISO date; without it the date printed on the first pages is used. */
  issueDate?: string;
  limits?: Partial<PdfLimits>;
  signal?: AbortSignal;
  onPage?: (done: number, total: number) => void;
};

/**
 * The articles of a PDF's text layer, page by page. Runs in a thread of its own, which is ended by the limits, by
 * the signal, and when it is done; a file that crashes it harms nothing else.
 *
 * `bytes` is given away: where it owns its buffer, that is moved to the thread, and the array is empty afterwards.
 *
 * @throws PdfError why the file gives no result; anything else is a fault of the program.
 */
export async function extractPdf(bytes: Uint8Array, options: ExtractPdfOptions): Promise<PdfExtract> {
  const { filename, issueDate, signal, onPage } = options;
  const limits = { ...defaultPdfLimits, ...options.limits };
  assertReadable(bytes, limits, signal);
  const thread = new PdfThread(bytes, { limits, ...(signal && { signal }) });
  try {
    return await thread.extract({ filename, issueDate, summarizes: true }, onPage);
  } finally {
    await thread.close();
  }
}

/** @throws PdfError not_a_pdf, out_of_memory, aborted */
export function assertReadable(bytes: Uint8Array, limits: PdfLimits, signal?: AbortSignal): void {
  if (signal?.aborted) throw new PdfError("aborted", "Reading the PDF was stopped before it began.");
  if (!hasPdfHeader(bytes)) {
    throw new PdfError("not_a_pdf", "This file is not a PDF: it does not begin with %PDF-. Send a PDF file.");
  }
  // The file is copied into pdfium's memory, which must hold what it makes of it as well.
  if (bytes.length > 0.75 * pdfiumMemoryBytes(limits)) {
    throw new PdfError(
      "out_of_memory",
      `This PDF is too large to be read in ${limits.memoryMb} MB. Split it.`,
    );
  }
}

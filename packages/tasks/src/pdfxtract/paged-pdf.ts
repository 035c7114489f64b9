import { PdfThread } from "../pdf-thread.ts";
import type { PageImage } from "../pdf-thread-protocol.ts";
import { assertReadable } from "./extract-pdf.ts";
import { PdfError } from "./pdf-error.ts";
import type { PdfExtract } from "./pdf-extract.ts";
import { defaultPdfLimits, type PdfLimits } from "./pdf-limits.ts";

export type PagedPdfOptions = { limits?: Partial<PdfLimits>; signal: AbortSignal };

/** What became of drawing a page; `failed` says why, in words for the page's reason. */
export type DrawnPage = PageImage | { kind: "failed"; reason: string };

/**
 * A PDF that stays open while its pages are asked for.
 *
 * A page that brings its thread down (it is too large, takes too long, or is damaged in a way that pdfium does not
 * survive) costs that page alone: the next one is drawn in a new thread, from the same bytes.
 */
export class PagedPdf {
  readonly #bytes: Uint8Array;
  readonly #options: { limits: PdfLimits; signal: AbortSignal };
  #thread: PdfThread;
  #lastDrawing: Promise<unknown> = Promise.resolve();

  /**
   * `bytes` are copied once, into memory that is shared with the thread.
   * @throws PdfError not_a_pdf, out_of_memory, aborted
   */
  constructor(bytes: Uint8Array, { limits, signal }: PagedPdfOptions) {
    this.#options = { limits: { ...defaultPdfLimits, ...limits }, signal };
    assertReadable(bytes, this.#options.limits, signal);
    this.#bytes = new Uint8Array(new SharedArrayBuffer(bytes.length));
    this.#bytes.set(bytes);
    this.#thread = new PdfThread(this.#bytes, this.#options);
  }

  /**
   * The articles of the text layer, without summaries, and the date printed. Before any page is drawn.
   * @throws PdfError why the file gives no result
   */
  extract(request: { filename: string; issueDate: string | undefined }): Promise<PdfExtract> {
    return this.#thread.extract({ ...request, summarizes: false });
  }

  /**
   * What a page shows, `index` from 0. Pages asked for together are drawn one after another.
   * @throws PdfError aborted
   */
  drawPage(index: number): Promise<DrawnPage> {
    const drawing = this.#lastDrawing.then(() => this.#drawNext(index));
    this.#lastDrawing = drawing.catch(() => {});
    return drawing;
  }

  close(): Promise<void> {
    return this.#thread.close();
  }

  async #drawNext(index: number): Promise<DrawnPage> {
    try {
      return await this.#thread.drawPage(index);
    } catch (error) {
      const reason = pageFault(error);
      if (reason === undefined) throw error;
      await this.#thread.close();
      this.#thread = new PdfThread(this.#bytes, this.#options);
      return { kind: "failed", reason };
    }
  }
}

/** Undefined for what is not the page's fault. */
function pageFault(error: unknown): string | undefined {
  if (!(error instanceof PdfError)) return undefined;
  if (error.kind === "timeout") return "page too large: drawing it takes too long";
  if (error.kind === "out_of_memory") return "page too large: drawing it takes too much memory";
  return error.kind === "corrupted" ? "damaged page" : undefined;
}

import type { PdfErrorKind } from "./pdfxtract/pdf-error.ts";
import type { PdfExtract } from "./pdfxtract/pdf-extract.ts";

/** What the thread is started with. */
export type PdfThreadInput = {
  bytes: Uint8Array;
  filename: string;
  issueDate: string | undefined;
  maxPages: number;
  pdfiumMemoryBytes: number;
};

/** What the thread says: any number of pages, then one of the other two. */
export type PdfThreadMessage =
  | { type: "page"; done: number; total: number }
  | { type: "extract"; extract: PdfExtract }
  | { type: "failed"; kind: PdfErrorKind; message: string };

import type { PdfErrorKind } from "./pdfxtract/pdf-error.ts";
import type { PdfExtract } from "./pdfxtract/pdf-extract.ts";

/** What the thread is started with: one file, which it opens once. */
export type PdfThreadInput = { bytes: Uint8Array; maxPages: number; pdfiumMemoryBytes: number };

/** What it is asked for, one thing at a time. */
export type PdfThreadRequest =
  | { type: "extract"; filename: string; issueDate: string | undefined; summarizes: boolean }
  | { type: "image"; index: number };

/** What a page shows: nothing at all, or something, as PNG. `damaged`: it cannot be drawn. */
export type PageImage = { kind: "shown"; png: Uint8Array } | { kind: "blank" } | { kind: "damaged" };

/** What the thread says: any number of pages, then one of the others. After `failed` it ends. */
export type PdfThreadMessage =
  | { type: "page"; done: number; total: number }
  | { type: "extract"; extract: PdfExtract }
  | { type: "image"; image: PageImage }
  | { type: "failed"; kind: PdfErrorKind; message: string };

export type PdfLimits = {
  maxPages: number;
  /** From the start of the thread to its answer. */
  timeoutMs: number;
  /** For one file: half of it pdfium's memory, which holds the file itself, half the thread's V8 heap. */
  memoryMb: number;
};

// A manual of 114 pages takes 3.5 s and, at its peak, 160 MB (measured); these leave room for files far heavier.
export const defaultPdfLimits: PdfLimits = { maxPages: 500, timeoutMs: 120_000, memoryMb: 512 };

export function pdfiumMemoryBytes(limits: PdfLimits): number {
  return Math.floor(limits.memoryMb / 2) * 1024 * 1024;
}

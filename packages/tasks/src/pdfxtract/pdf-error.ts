export const pdfErrorKinds = [
  "not_a_pdf",
  "encrypted",
  "corrupted",
  "too_many_pages",
  "timeout",
  "out_of_memory",
  "aborted",
] as const;

export type PdfErrorKind = (typeof pdfErrorKinds)[number];

/** Why a PDF gave no result. The message is a sentence that its owner can act on. */
export class PdfError extends Error {
  override readonly name = "PdfError";
  readonly kind: PdfErrorKind;

  constructor(kind: PdfErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

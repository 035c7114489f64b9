/** Readers of PDF take a file that begins with junk if `%PDF-` stands in its first 1,024 bytes, and so does pdfium. */
export const signatureWindowBytes = 1024;
const signature = Buffer.from("%PDF-");

/** @param head the first 1,024 bytes of the file, or all of it */
export function isPdf(head: Uint8Array): boolean {
  return Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, signatureWindowBytes)).includes(
    signature,
  );
}

// Acrobat's own tolerance, which other readers follow: some writers put bytes before the header or after the end.
const headerWindowBytes = 1_024;
const trailerWindowBytes = 2_048;
const fillers = new Set([0x00, 0x0a, 0x0d, 0x20]);

export function hasPdfHeader(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, headerWindowBytes)).includes("%PDF-");
}

/** Whether the file's end is there: `startxref`, an offset, and `%%EOF`, of which some writers leave out the last letters. */
export function hasTrailer(bytes: Uint8Array): boolean {
  const end = endOfContent(bytes);
  return /startxref\s+\d+\s+%%E/.test(latin1(bytes.subarray(Math.max(0, end - trailerWindowBytes), end)));
}

// Disks and mail gateways fill files up with zeros and line ends.
function endOfContent(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && fillers.has(bytes[end - 1]!)) end--;
  return end;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

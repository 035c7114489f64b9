import { formatBytes } from "../../lib/format/numbers.ts";

/** A PDF says so within its first bytes; some writers put others before it. */
const headerBytes = 1_024;

export type FileRules = { /** Null while it is not known. */ maxBytes: number | null; mustBePdf: boolean };

/** What the gateway would refuse the file for, in a sentence; null for nothing. */
export async function checkFile(file: Blob, { maxBytes, mustBePdf }: FileRules): Promise<string | null> {
  if (file.size === 0) return "This file is empty.";
  if (maxBytes !== null && file.size > maxBytes) {
    return `This file has ${formatBytes(file.size)}; ${formatBytes(maxBytes)} are allowed.`;
  }
  if (mustBePdf && !(await isPdf(file))) return "This is no PDF: it does not begin with %PDF-.";
  return null;
}

async function isPdf(file: Blob): Promise<boolean> {
  const bytes = new Uint8Array(await file.slice(0, headerBytes).arrayBuffer());
  return new TextDecoder("latin1").decode(bytes).includes("%PDF-");
}

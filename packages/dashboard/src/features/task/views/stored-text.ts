/** What a stored text is: inputs and results come as text, or as JSON in a text. */
import type { PdfResult, SummaryResult } from "./built-in-results.ts";
import { readPdfResult, readSummaryResult } from "./built-in-results.ts";

export type StoredText =
  | { kind: "none" }
  | { kind: "text"; text: string }
  | { kind: "json"; value: unknown }
  | { kind: "summary"; summary: SummaryResult }
  | { kind: "pdf"; pdf: PdfResult };

/** An object or a list in JSON; any other text stays what it is, a number or a word in quotes too. */
export function readStoredText(text: string | null): Extract<StoredText, { kind: "none" | "text" | "json" }> {
  if (text === null) return { kind: "none" };
  if (!/^\s*[[{]/.test(text)) return { kind: "text", text };
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch {
    return { kind: "text", text };
  }
}

/** What the built-in types answer is shown as what it is; should it not look like that, as JSON. */
export function readResult(taskType: string, text: string | null): StoredText {
  const stored = readStoredText(text);
  if (stored.kind !== "json") return stored;
  const summary = taskType === "summarize" ? readSummaryResult(stored.value) : null;
  if (summary) return { kind: "summary", summary };
  const pdf = taskType === "pdfxtract" ? readPdfResult(stored.value) : null;
  return pdf ? { kind: "pdf", pdf } : stored;
}

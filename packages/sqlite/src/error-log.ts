import { type ErrorEntry, maxErrorEntries } from "@workstream/core";

export function parseErrors(errors: string | null): ErrorEntry[] {
  return errors === null ? [] : (JSON.parse(errors) as ErrorEntry[]);
}

/** The log with one entry more: the first entry and the newest stay. */
export function appendError(errors: string | null, entry: ErrorEntry): string {
  const entries = [...parseErrors(errors), entry];
  if (entries.length > maxErrorEntries) entries.splice(1, entries.length - maxErrorEntries);
  return JSON.stringify(entries);
}

import { isErrorCode, WorkstreamError } from "@workstream/core";

/** libsql's error codes; a file that can't be opened has none and says so in its message. */
export function sqliteCode(error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" && code.startsWith("SQLITE_") ? code : null;
}

/**
 * What SQLite's refusal means to a caller. The statement that failed and its transaction have left no trace.
 * An error that is not SQLite's passes as it is.
 */
export function toStoreError(error: unknown, path: string): unknown {
  const code = sqliteCode(error);
  if (code === null) return error;
  const options = { details: { path, sqlite_code: code }, cause: error };
  if (code.startsWith("SQLITE_FULL")) {
    return new WorkstreamError(
      "store_full",
      "The disk that holds the store is full: make room on it.",
      options,
    );
  }
  if (/^SQLITE_(IOERR|READONLY|CORRUPT|NOTADB|BUSY|LOCKED|CANTOPEN|PERM)/.test(code)) {
    return new WorkstreamError(
      "store_unavailable",
      `The store's file can't be used: ${text(error)}.`,
      options,
    );
  }
  return new WorkstreamError("internal", `The store refused a statement: ${text(error)}.`, options);
}

/** Whether it is the file that fails, whatever the statement. */
export function isStoreFault(error: unknown): boolean {
  return isErrorCode(toStoreError(error, ""), "store_full", "store_unavailable");
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

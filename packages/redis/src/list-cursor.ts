/** Where a page of a list ended, as an opaque text that only this store reads. */
import { WorkstreamError } from "@workstream/core";

const version = 1;

/**
 * `query` ties a cursor to its query; `by` names the source that its pages are read from. `after` is the last entry passed
 * (with its score in a sorted set, its index in a list), null at the beginning. `skip`: matches of the walk from there that
 * were given out already. `seen`: matches before `after`.
 */
export type Position = {
  query: string;
  by: string;
  after: { list: number; score: string; id: string } | null;
  skip: number;
  seen: number;
};

export function writeCursor({ query, by, after, skip, seen }: Position): string {
  const values = [version, query, by, skip, seen, ...(after ? [after.list, after.score, after.id] : [])];
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** @throws invalid_input for a text that is not a cursor, or one of another query */
export function readCursor(text: string, query: string): Position {
  const values = cursorValues(text);
  const [ofVersion, ofQuery, by, skip, seen, list, score, id] = values;
  const isWhole = ofVersion === version && typeof by === "string" && isCount(skip) && isCount(seen);
  if (!isWhole || (values.length !== 5 && values.length !== 8)) throw badCursor("it is not one of ours");
  if (ofQuery !== query) throw badCursor("it belongs to another query");
  if (values.length === 5) return { query, by, skip, seen, after: null };
  if (!isCount(list) || typeof score !== "string" || !isScore(score) || typeof id !== "string") {
    throw badCursor("it is not one of ours");
  }
  return { query, by, skip, seen, after: { list, score, id } };
}

export function isScore(text: string): boolean {
  return text !== "" && Number.isFinite(Number(text));
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The values in a cursor; none for what is no cursor. */
export function cursorValues(text: string): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}

export function badCursor(reason: string): WorkstreamError {
  return new WorkstreamError(
    "invalid_input",
    `The cursor can't be used: ${reason}. Begin at the first page.`,
  );
}

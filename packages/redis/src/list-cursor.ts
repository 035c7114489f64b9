/** Where a page of a list ended, as an opaque text that only this store reads. */
import { WorkstreamError } from "@workstream/core";

/**
 * `after`: the last entry passed (its score in a sorted set, its index in a list), null for the beginning. `skip`: matches
 * of the walk from there that were given out already. `seen`: matches before `after`. `source` ties a cursor to its query.
 */
export type Position = {
  source: string;
  after: { list: number; score: string; id: string } | null;
  skip: number;
  seen: number;
};

export function writeCursor({ source, after, skip, seen }: Position): string {
  const values = [1, source, skip, seen, ...(after ? [after.list, after.score, after.id] : [])];
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** @throws invalid_input for a text that is not a cursor, or one of another query */
export function readCursor(text: string, source: string): Position {
  const values = parse(text);
  const [version, ofSource, skip, seen, list, score, id] = values;
  const isWhole = version === 1 && isCount(skip) && isCount(seen);
  if (!isWhole || (values.length !== 4 && values.length !== 7)) throw badCursor("it is not one of ours");
  if (ofSource !== source) throw badCursor("it belongs to another query");
  if (values.length === 4) return { source, skip, seen, after: null };
  if (!isCount(list) || typeof score !== "string" || !/^-?[\d.e+]+$/.test(score) || typeof id !== "string") {
    throw badCursor("it is not one of ours");
  }
  return { source, skip, seen, after: { list, score, id } };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parse(text: string): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}

function badCursor(reason: string): WorkstreamError {
  return new WorkstreamError(
    "invalid_input",
    `The cursor can't be used: ${reason}. Begin at the first page.`,
  );
}

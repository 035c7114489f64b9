import { createHash } from "node:crypto";
import { type TaskListQuery, WorkstreamError } from "@workstream/core";
import type { Position, Source } from "./list-sources.ts";

/** Where a page ended, and what the pages up to it have found. */
export type Cursor = {
  source: Source["by"];
  /** The last task of the walk up to here; null for the beginning. */
  after: Position | null;
  /** Matches before this page. */
  seen: number;
  /** Within a window that was sorted: how many of its tasks were given out. */
  given: number;
};

export function encodeCursor(query: TaskListQuery, { source, after, seen, given }: Cursor): string {
  const fields = [
    fingerprint(query),
    source,
    seen,
    given,
    ...(after ? [after.place, after.rank, after.id] : []),
  ];
  return Buffer.from(JSON.stringify(fields)).toString("base64url");
}

/** @throws invalid_input for a cursor that is not ours, or of a query with another filter or order */
export function decodeCursor(query: TaskListQuery, text: string): Cursor {
  const fields = parse(text);
  if (!Array.isArray(fields)) throw notOurs();
  const [owner, source, seen, given, place, rank, id]: unknown[] = fields;
  if (owner !== fingerprint(query) || !isSource(source)) throw notOurs();
  if (!Number.isSafeInteger(seen) || !Number.isSafeInteger(given)) throw notOurs();
  const counts = { seen: seen as number, given: given as number };
  if (fields.length === 4) return { source, after: null, ...counts };
  if (typeof place !== "string" || !Number.isSafeInteger(rank) || typeof id !== "string") throw notOurs();
  return { source, after: { place, rank: rank as number, id }, ...counts };
}

function isSource(value: unknown): value is Source["by"] {
  const names: readonly unknown[] = ["all", "type", "queue", "place", "group"] satisfies Source["by"][];
  return names.includes(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}

/** Ties a cursor to its query: walking on in another order would skip tasks without a word. */
function fingerprint({ filter, sortBy, sortOrder }: TaskListQuery): string {
  const { state, type, queue, createdFrom, createdTo, idPrefix, errorType, errorGroup } = filter;
  const places = [state, type, queue, createdFrom, createdTo, idPrefix, errorType, errorGroup];
  const told = JSON.stringify([...places, sortBy, sortOrder]);
  return createHash("sha256").update(told).digest("base64url").slice(0, 8);
}

function notOurs(): WorkstreamError {
  return new WorkstreamError(
    "invalid_input",
    "The cursor does not belong to this list: take next_cursor from an answer to the same query, or begin without one.",
  );
}

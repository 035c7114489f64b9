/** Where a page over several partitions ended: in each of them after an entry, or at an offset that was never passed. */
import { badCursor, cursorValues, isCount, isScore } from "../list-cursor.ts";
import type { Entry } from "../list-source.ts";

const version = "p1";

export type Place = Entry | number;
/** `skip` and `seen` as in list-cursor.ts. */
export type MergedPosition = { query: string; by: string; places: Place[]; skip: number; seen: number };

export function writeMergedCursor({ query, by, places, skip, seen }: MergedPosition): string {
  const packed = places.map((place) =>
    typeof place === "number" ? place : [place.list, place.score, place.id],
  );
  return Buffer.from(JSON.stringify([version, query, by, skip, seen, packed])).toString("base64url");
}

/** @throws invalid_input for a text that is not a cursor, or one of another query or number of partitions */
export function readMergedCursor(text: string, query: string, count: number): MergedPosition {
  const [ofVersion, ofQuery, by, skip, seen, packed] = cursorValues(text);
  const isWhole = ofVersion === version && typeof by === "string" && isCount(skip) && isCount(seen);
  if (!isWhole || !Array.isArray(packed)) throw badCursor("it is not one of ours");
  if (ofQuery !== query) throw badCursor("it belongs to another query");
  if (packed.length !== count) throw badCursor("the store has another number of partitions now");
  return { query, by, skip, seen, places: packed.map(placeOf) };
}

function placeOf(value: unknown): Place {
  if (isCount(value)) return value;
  const [list, score, id] = Array.isArray(value) ? (value as unknown[]) : [];
  if (!isCount(list) || typeof score !== "string" || !isScore(score) || typeof id !== "string")
    throw badCursor("it is not one of ours");
  return { list, score, id };
}

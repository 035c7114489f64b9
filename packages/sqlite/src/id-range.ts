import { type TaskFilter, timeRangeOfIdPrefix } from "@workstream/core";

/** Ids from `from` up to but not including `below`, and the creation times (epoch ms, both included) they can have. */
export type IdRange = { from: string; below: string; fromMs: number; toMs: number; isWhole: boolean };

/** Sorts after every id. */
const lastId = "\u{10ffff}";
const maxMs = 2 ** 48 - 1;
/** An id begins with its time of creation in this many characters, a dash among them. */
const timeChars = 13;
const never = { fromMs: 1, toMs: 0 };

/**
 * Ids begin with their time of creation, so dates and the beginning of an id are one range of ids, in the order in
 * which tasks were created.
 */
export function idRangeOf({ createdFrom, createdTo, idPrefix }: TaskFilter): IdRange {
  const prefix = prefixRange(idPrefix);
  const fromMs = Math.max(0, Math.ceil(createdFrom ?? 0), prefix.fromMs);
  const toMs = Math.min(maxMs, Math.floor(createdTo ?? maxMs), prefix.toMs);
  return {
    from: largest(createdFrom === undefined ? "" : beginOfMs(fromMs), prefix.from),
    below: smallest(createdTo === undefined ? lastId : beginOfMs(toMs + 1), prefix.below),
    fromMs,
    toMs,
    isWhole: createdFrom === undefined && createdTo === undefined && idPrefix === undefined,
  };
}

/** What follows in the walk after `id`. No id begins with another, so a space after it is as good as the next id. */
export function rangeAfter(range: IdRange, id: string, isAscending: boolean): IdRange {
  if (isAscending) return { ...range, from: largest(range.from, `${id} `) };
  return { ...range, below: smallest(range.below, id) };
}

/** The smallest id of this millisecond; past the last one, what sorts after every id. */
export function beginOfMs(ms: number): string {
  if (ms > maxMs) return lastId;
  const digits = Math.max(0, ms).toString(16).padStart(12, "0");
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}

function prefixRange(prefix: string | undefined): Omit<IdRange, "isWhole"> {
  if (prefix === undefined || prefix === "") return { from: "", below: lastId, fromMs: 0, toMs: maxMs };
  const times = timeRangeOfIdPrefix(prefix);
  const beginsAnId = times !== null && beginOfMs(times.fromMs).startsWith(prefix.slice(0, timeChars));
  return { from: prefix, below: prefix + lastId, ...(beginsAnId ? times : never) };
}

function largest(a: string, b: string): string {
  return a > b ? a : b;
}

function smallest(a: string, b: string): string {
  return a < b ? a : b;
}

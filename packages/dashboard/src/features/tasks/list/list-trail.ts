/**
 * Where the pages of one list begin, as far as that is known. Pure.
 *
 * Of an exact list every page can be asked for by its number, so it has a row for each of its tasks from the start. Other
 * lists are walked: their pages differ in length and each one's beginning is known when the one before was read.
 * The number of rows stays what it was when the list was begun: what one reads does not move.
 */
import type { TaskSummaryPage } from "@workstream/core";

export const pageSize = 100;

export type ListTrail = {
  isExact: boolean;
  /** Of the tasks that match; a lower bound unless the list is exact or was read to its end. */
  total: number;
  /** Whether all pages of a walked list are known. */
  isWhole: boolean;
  /** created_at of the newest task when the list was begun; null for an empty one. */
  anchor: string | null;
  /** The row with which each known page of a walked list begins; the last one is where the next page will. */
  starts: readonly number[];
  /** Cursors of pages whose predecessor was read. */
  cursors: Readonly<Record<number, string>>;
};

/** What a page tells of the list. */
export type PageFacts = Pick<TaskSummaryPage, "total_items" | "total_is_estimate" | "next_cursor"> & {
  length: number;
};

export function beginTrail(first: PageFacts, anchor: string | null): ListTrail {
  const isExact = !first.total_is_estimate;
  const { next_cursor: next } = first;
  return {
    isExact,
    total: first.total_items,
    isWhole: next === null,
    anchor,
    starts: [0, first.length],
    cursors: next === null ? {} : { 1: next },
  };
}

export function extendTrail(trail: ListTrail, page: number, facts: PageFacts): ListTrail {
  const { next_cursor: next } = facts;
  const cursors = next === null ? trail.cursors : { ...trail.cursors, [page + 1]: next };
  if (trail.isExact) return { ...trail, cursors };
  if (page !== trail.starts.length - 1) return trail;
  const start = trail.starts[page] ?? 0;
  return {
    ...trail,
    total: Math.max(trail.total, facts.total_items),
    isWhole: next === null,
    starts: [...trail.starts, start + facts.length],
    cursors,
  };
}

/** Rows that can be shown; a walked list that goes on has one more, for what comes next. */
export function rowCount(trail: ListTrail): number {
  if (trail.isExact) return trail.total;
  return knownRows(trail) + (trail.isWhole ? 0 : 1);
}

export function knownRows({ isExact, total, starts }: ListTrail): number {
  return isExact ? total : (starts.at(-1) ?? 0);
}

/** The page on which a row stands, and its place there. */
export function placeOf(trail: ListTrail, row: number): { page: number; index: number } {
  if (trail.isExact) return { page: Math.floor(row / pageSize), index: row % pageSize };
  let low = 0;
  let high = trail.starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((trail.starts[middle] ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return { page: low, index: row - (trail.starts[low] ?? 0) };
}

/** How to ask for a page; null while its beginning is not known. */
export function addressOf(
  trail: ListTrail | null,
  page: number,
): { cursor: string } | { page: number } | null {
  if (page === 0 || trail === null) return page === 0 ? { page: 1 } : null;
  const cursor = trail.cursors[page];
  if (cursor !== undefined) return { cursor };
  return trail.isExact ? { page: page + 1 } : null;
}

/** How many pages at the end of what is known of a walked list held no match. */
export function emptyTail({ isExact, starts }: ListTrail): number {
  return isExact ? 0 : starts.length - 1 - starts.indexOf(starts.at(-1) ?? 0);
}

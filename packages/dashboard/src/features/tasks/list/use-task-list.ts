/**
 * A list of tasks that is begun once and then stands still: rows change in place, what is new waits until it is asked for.
 *
 * Only the pages in sight are observed, so only they are read again; the query cache lets the others go after a while.
 */
import { type UseQueryResult, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { recallList } from "./list-memory.ts";
import type { ListRequest } from "./list-request.ts";
import { beginTrail, emptyTail, extendTrail, type ListTrail, placeOf, rowCount } from "./list-trail.ts";
import type { LoadedPage } from "./page-merge.ts";
import { pageQuery, readKept, type TaskList } from "./page-query.ts";
import type { TaskRowData } from "./task-row-data.ts";

/** Rows in sight, by number, both included. */
export type Sight = { first: number; last: number };

/** Pages are asked for a little before they come into sight. */
const rowsAhead = 40;
/** A walked list is looked through so far without a match before one is asked whether to go on. */
const pagesInVain = 5;

type Begun = { list: TaskList; trail: ListTrail | null };
export type TaskListView = ReturnType<typeof useTaskList>;

/** @param name what the list is called in the address, for good; @param begin makes its request, each time it is begun */
export function useTaskList(name: string, begin: () => ListRequest) {
  const queries = useQueryClient();
  const [begun, setBegun] = useState<Begun>(
    () => recallList(queries, name) ?? { list: newList(begin()), trail: null },
  );
  const [wanted, setWanted] = useState<readonly number[]>([0]);
  const [patience, setPatience] = useState(pagesInVain);
  const { list, trail } = begun;
  const newest = useRef({ trail, inSight: new Set<string>() });
  newest.current.trail = trail;

  const context = useMemo(
    () => ({
      list,
      trail: () => newest.current.trail,
      isInSight: (id: string) => newest.current.inSight.has(id),
    }),
    [list],
  );
  const first = useQuery({ ...pageQuery(0, context), enabled: trail === null });
  const { loaded, failed } = useQueries({
    queries: trail === null ? [] : wanted.map((page) => pageQuery(page, context)),
    combine: combinePages,
  });

  useEffect(() => {
    if (trail === null && first.data !== undefined) setBegun({ list, trail: trailFrom(first.data) });
  }, [list, trail, first.data]);

  useEffect(() => {
    setBegun((known) => {
      if (known.list !== list || known.trail === null) return known;
      const longer = wanted.reduce((so, page, index) => withPage(so, page, loaded[index]), known.trail);
      return longer === known.trail ? known : { list, trail: longer };
    });
  }, [list, wanted, loaded]);

  const isStuck = trail !== null && !trail.isWhole && emptyTail(trail) >= patience;
  const look = useCallback(
    (sight: Sight) => {
      if (trail === null) return;
      const next = pagesAround(trail, sight).filter((page) => !isStuck || page < trail.starts.length - 1);
      setWanted((now) => (now.join() === next.join() ? now : next));
    },
    [trail, isStuck],
  );

  const rowAt = (row: number): TaskRowData | undefined => {
    if (trail === null) return undefined;
    const { page, index } = placeOf(trail, row);
    const at = wanted.indexOf(page);
    return ((at === -1 ? undefined : loaded[at]) ?? readKept(queries, list, page))?.rows[index];
  };

  /** Begins the list anew, and shows the old one until the new one is there. */
  const reload = async () => {
    const next = newList(begin());
    const data = await queries.fetchQuery(
      pageQuery(0, { list: next, trail: () => null, isInSight: () => false }),
    );
    setWanted([0]);
    setPatience(pagesInVain);
    setBegun({ list: next, trail: trailFrom(data) });
  };

  const noteInSight = (ids: readonly string[]) => {
    newest.current.inSight = new Set(ids);
  };
  return {
    name,
    list,
    trail,
    wanted,
    loaded,
    first,
    failed,
    rowAt,
    look,
    reload,
    noteInSight,
    isStuck,
    goOn: () => setPatience((now) => now + 2 * pagesInVain),
  };
}

/** The same when the pages are, so that effects run only when one has changed. */
function combinePages(pages: UseQueryResult<LoadedPage>[]) {
  return { loaded: pages.map(({ data }) => data), failed: pages.find(({ isError }) => isError) };
}

let generations = 0;

function newList(request: ListRequest): TaskList {
  generations += 1;
  return { request, generation: generations };
}

function pagesAround(trail: ListTrail, { first, last }: Sight): number[] {
  const end = Math.max(0, rowCount(trail) - 1);
  const begins = placeOf(trail, Math.max(0, Math.min(end, first - rowsAhead))).page;
  const ends = placeOf(trail, Math.max(0, Math.min(end, last + rowsAhead))).page;
  return Array.from({ length: ends - begins + 1 }, (_, index) => begins + index);
}

function trailFrom({ facts, rows }: LoadedPage): ListTrail {
  const anchor = rows.reduce<string | null>(
    (newest, { created_at: at }) => (newest === null || at > newest ? at : newest),
    null,
  );
  return beginTrail(facts, anchor);
}

/** The same trail where the page tells nothing new. */
function withPage(trail: ListTrail, page: number, data: LoadedPage | undefined): ListTrail {
  if (data === undefined) return trail;
  const next = data.facts.next_cursor;
  const isKnown = trail.isExact
    ? next === null || trail.cursors[page + 1] === next
    : page !== trail.starts.length - 1;
  return isKnown ? trail : extendTrail(trail, page, data.facts);
}

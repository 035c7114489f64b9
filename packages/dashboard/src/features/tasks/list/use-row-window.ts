import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { isNearEnd, type RowWindow, windowAround } from "./row-window.ts";
import type { Sight } from "./use-task-list.ts";

const poolStep = 8;

type RowWindowOptions = { count: number; rowHeight: number; headerHeight: number; topRow: number };

/** The rows to draw and the ones in sight, of a list of any length. @param options.topRow the first in sight at the start */
export function useRowWindow({ count, rowHeight, headerHeight, topRow }: RowWindowOptions) {
  const scroller = useRef<HTMLDivElement>(null);
  const pendingOffset = useRef<number | null>(topRow > 0 ? topRow * rowHeight : null);
  const [base, setBase] = useState(() => windowAround(topRow, count, rowHeight).base);
  const fitted = windowAround(base, count, rowHeight);
  const { size } = fitted;
  const windowBase = Math.min(base, Math.max(0, count - size));
  const window: RowWindow = useMemo(() => ({ base: windowBase, size }), [windowBase, size]);

  const virtualizer = useVirtualizer({
    count: window.size,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are measured anew
  useLayoutEffect(() => virtualizer.measure(), [rowHeight]);

  /** So that the row at `offset`, pixels from the top of the whole list, is the first in sight. */
  const scrollToOffset = useCallback(
    (offset: number) => {
      const row = Math.floor(offset / rowHeight);
      const isInside =
        row >= window.base && row < window.base + window.size && !isNearEnd(row, window, count);
      if (isInside) {
        scroller.current?.scrollTo({ top: offset - window.base * rowHeight });
        return;
      }
      pendingOffset.current = offset;
      setBase(windowAround(row, count, rowHeight).base);
    },
    [rowHeight, count, window],
  );

  useLayoutEffect(() => {
    if (pendingOffset.current === null) return;
    scroller.current?.scrollTo({ top: pendingOffset.current - window.base * rowHeight });
    pendingOffset.current = null;
  });

  const offset = virtualizer.scrollOffset ?? 0;
  const height = Math.max(0, (virtualizer.scrollRect?.height ?? 0) - headerHeight);
  const first = Math.min(Math.max(0, count - 1), window.base + Math.floor(Math.max(0, offset) / rowHeight));
  const last = Math.max(
    first,
    Math.min(count - 1, window.base + Math.ceil((offset + height) / rowHeight) - 1),
  );
  const sight: Sight = { first, last };

  const { isScrolling } = virtualizer;
  useEffect(() => {
    if (isScrolling || !isNearEnd(first, window, count)) return;
    scrollToOffset(offset + window.base * rowHeight);
  });

  /** Scrolls as little as it takes to have a row in sight. */
  const reveal = useCallback(
    (row: number) => {
      const element = scroller.current;
      if (element === null) return;
      const top = element.scrollTop + window.base * rowHeight;
      const room = element.clientHeight - headerHeight;
      if (row * rowHeight < top) scrollToOffset(row * rowHeight);
      else if ((row + 1) * rowHeight > top + room) scrollToOffset(Math.max(0, (row + 1) * rowHeight - room));
    },
    [rowHeight, headerHeight, window, scrollToOffset],
  );

  const items = virtualizer.getVirtualItems();
  const pool = useRef(poolStep);
  pool.current = Math.max(pool.current, Math.ceil(items.length / poolStep) * poolStep);
  return {
    scroller,
    /** A row may take the place of any other that is so many away: drawing anew costs less than making anew. */
    poolSize: pool.current,
    rows: items.map(({ index }) => window.base + index),
    padTop: items[0]?.start ?? 0,
    padBottom: Math.max(0, virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)),
    sight,
    scrollToRow: (row: number) => scrollToOffset(Math.max(0, Math.min(count - 1, row)) * rowHeight),
    reveal,
  };
}

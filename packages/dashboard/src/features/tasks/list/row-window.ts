/**
 * Which stretch of a very long list the scroll area covers.
 *
 * Browsers cut elements off at some 16 to 33 million pixels, fewer than the rows of a million tasks take. So the area
 * covers a window of rows, which moves on when one has scrolled near its end. Pure.
 */
export const maxCanvasPx = 8_000_000;

/** The first row of the window, and how many it has. */
export type RowWindow = { base: number; size: number };

export function windowAround(row: number, count: number, rowHeight: number): RowWindow {
  const size = Math.min(count, Math.floor(maxCanvasPx / rowHeight));
  const base = Math.max(0, Math.min(count - size, row - Math.floor(size / 2)));
  return { base, size };
}

/** Whether a row is so near an end of its window, with more behind it, that the window should move. */
export function isNearEnd(row: number, { base, size }: RowWindow, count: number): boolean {
  const margin = size / 10;
  return (base > 0 && row - base < margin) || (base + size < count && row - base > size - margin);
}

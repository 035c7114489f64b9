export type Backoff = { minMs: number; maxMs: number };

export const defaultBackoff: Backoff = { minMs: 500, maxMs: 15_000 };

/**
 * How long to wait before an attempt: up to `minMs`, doubled with each failure in a row up to `maxMs`, with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), on top of what the server asked for.
 *
 * @param failures in a row, at least 1
 * @param floorMs what the server asked for, by `retry:` or Retry-After; 0 for nothing
 */
export function backoffMs(
  failures: number,
  { minMs, maxMs, floorMs, random }: Backoff & { floorMs: number; random: () => number },
): number {
  const ceilingMs = Math.min(maxMs, minMs * 2 ** (failures - 1));
  return Math.round(floorMs + random() * ceilingMs);
}

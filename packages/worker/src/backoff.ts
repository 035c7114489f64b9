export type Backoff = { firstMs: number; capMs: number };

/**
 * Exponential backoff with full jitter over its upper half: between 50 % and 100 % of first × 2^(failures −
 * 1), capped.
 * @param failures failures in a row, from 1
 * @param random a number in [0, 1), injected by tests
 */
export function backoffMs({ firstMs, capMs }: Backoff, failures: number, random = Math.random()): number {
  const fullMs = Math.min(capMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return fullMs * (0.5 + random / 2);
}

/** `ms` give or take `share` of it, so that a fleet does not move in step. */
export function jittered(ms: number, share: number, random = Math.random()): number {
  return ms * (1 + share * (2 * random - 1));
}

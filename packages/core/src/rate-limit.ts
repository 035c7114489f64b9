/** Limits as people write them. */
import type { RateLimit } from "./ports/guards.ts";

const unitsMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

const maxRequests = 1_000_000_000;
const maxIntervalMs = 24 * 3_600_000;

/** `230/10s`: whole numbers, and an interval in ms, s, m or h. Null for anything else. */
export function parseRateLimit(text: string): RateLimit | null {
  const [, requests, length, unit = ""] = /^(\d{1,10})\/(\d{1,9})(ms|s|m|h)$/.exec(text.trim()) ?? [];
  const limit = { requests: Number(requests), intervalMs: Number(length) * (unitsMs[unit] ?? Number.NaN) };
  return isRateLimit(limit) ? limit : null;
}

/** Whole numbers, 1 to 1,000,000,000 requests in 1 ms to 24 h. */
export function isRateLimit(value: unknown): value is RateLimit {
  if (typeof value !== "object" || value === null) return false;
  const { requests, intervalMs } = value as Partial<RateLimit>;
  return isWholeUpTo(requests, maxRequests) && isWholeUpTo(intervalMs, maxIntervalMs);
}

function isWholeUpTo(value: unknown, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max;
}

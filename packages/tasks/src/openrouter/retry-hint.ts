import type { RateLimit } from "@workstream/core";

/** What a refusal says about when and how often to call. */
export type RetryHint = { waitMs: number | null; learnedLimit: RateLimit | null };

export type HintSource = {
  headers: Headers;
  /** `error.metadata`; OpenRouter repeats headers in it that its own answer lacks. */
  metadata: Readonly<Record<string, unknown>>;
  /** `error.availability.retry_after`, in seconds. */
  retryAfterSeconds: number | null;
};

/**
 * Nothing is held for longer: a daily quota may end in 15 hours, but an operator may have lifted it by then, and one call
 * an hour finds out.
 */
export const longestWaitMs = 3_600_000;

const minuteMs = 60_000;
/** The window of a limit is not told, only when it ends: it is taken for the next of these. */
const usualWindowsMs = [1_000, 10_000, minuteMs, 3_600_000];
/** Date has whole seconds, so that what is left of a minute may seem to be more than one. */
const dateStepMs = 1_000;

/** @param nowMs epoch ms; taken from the answer's own Date where it has one, so that the service's clock is measured by itself */
export function retryHint(source: HintSource, nowMs: number = Date.now()): RetryHint {
  const read = headerReader(source);
  const toldNowMs = Date.parse(read("date") ?? "") || null;
  const serverNowMs = toldNowMs ?? nowMs;
  const resetInMs = resetDelay(read("x-ratelimit-reset"), serverNowMs);
  const waitMs = retryAfter(read("retry-after"), serverNowMs) ?? inMs(source.retryAfterSeconds);
  const toldMs = waitMs ?? inMs(Number(source.metadata.retry_after_seconds)) ?? resetInMs;
  return {
    waitMs: toldMs === null ? null : Math.min(toldMs, longestWaitMs),
    learnedLimit: learnedLimit(Number(read("x-ratelimit-limit")), {
      resetInMs,
      stepMs: toldNowMs === null ? 0 : dateStepMs,
    }),
  };
}

/** Waits until an instant in ISO 8601, such as `resets_at`; null when it is none or past. */
export function waitUntil(instant: unknown, nowMs: number = Date.now()): number | null {
  const delayMs = typeof instant === "string" ? Date.parse(instant) - nowMs : Number.NaN;
  return delayMs > 0 ? Math.min(delayMs, longestWaitMs) : null;
}

function headerReader({ headers, metadata }: HintSource): (name: string) => string | null {
  const repeated = new Map<string, string>();
  if (typeof metadata.headers === "object" && metadata.headers !== null) {
    for (const [name, value] of Object.entries(metadata.headers)) {
      repeated.set(name.toLowerCase(), String(value));
    }
  }
  return (name) => headers.get(name) ?? repeated.get(name) ?? null;
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfter(value: string | null, nowMs: number): number | null {
  if (value === null) return null;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return inMs(Number(value));
  const delayMs = Date.parse(value) - nowMs;
  return delayMs > 0 ? delayMs : null;
}

function inMs(seconds: number | null): number | null {
  return seconds !== null && seconds > 0 && Number.isFinite(seconds) ? Math.ceil(seconds * 1000) : null;
}

/** Epoch ms at OpenRouter, epoch seconds or seconds from now elsewhere: told apart by their size. */
function resetDelay(value: string | null, nowMs: number): number | null {
  const reset = Number(value ?? Number.NaN);
  if (!(reset > 0)) return null;
  if (reset < 1e8) return inMs(reset);
  const delayMs = (reset < 1e11 ? reset * 1000 : reset) - nowMs;
  return delayMs > 0 ? delayMs : null;
}

/** A quota of more than an hour is waited out: as a rate it would let a few calls an hour through for the rest of the day. */
function learnedLimit(
  requests: number,
  { resetInMs, stepMs }: { resetInMs: number | null; stepMs: number },
): RateLimit | null {
  if (!Number.isInteger(requests) || requests < 1 || resetInMs === null) return null;
  const intervalMs = usualWindowsMs.find((windowMs) => resetInMs - stepMs <= windowMs);
  return intervalMs === undefined ? null : { requests, intervalMs };
}

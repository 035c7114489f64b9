import { describe, expect, it } from "vitest";
import { longestWaitMs, retryHint, waitUntil } from "./retry-hint.ts";

const now = Date.parse("2026-11-23T12:00:00Z");

function hint(
  headers: Record<string, string>,
  metadata: Record<string, unknown> = {},
  seconds: number | null = null,
) {
  return retryHint({ headers: new Headers(headers), metadata, retryAfterSeconds: seconds }, now);
}

describe("retryHint", () => {
  it.each([
    ["seconds", { "retry-after": "5" }, 5_000],
    ["part of a second", { "retry-after": "0.25" }, 250],
    ["a date", { "retry-after": "Mon, 23 Nov 2026 12:00:30 GMT" }, 30_000],
    [
      "a date by the server's own clock",
      { "retry-after": "Mon, 23 Nov 2026 11:00:30 GMT", date: "Mon, 23 Nov 2026 11:00:00 GMT" },
      30_000,
    ],
    ["a reset in epoch ms", { "x-ratelimit-reset": String(now + 42_000) }, 42_000],
    ["a reset in epoch seconds", { "x-ratelimit-reset": String(now / 1000 + 42) }, 42_000],
    ["a reset in seconds from now", { "x-ratelimit-reset": "42" }, 42_000],
    ["Retry-After before a reset", { "retry-after": "5", "x-ratelimit-reset": "42" }, 5_000],
    ["nothing", {}, null],
    ["0", { "retry-after": "0" }, null],
    ["the past", { "retry-after": "Mon, 23 Nov 2026 11:00:00 GMT" }, null],
    ["nonsense", { "retry-after": "soon", "x-ratelimit-reset": "never" }, null],
    ["more than an hour", { "retry-after": "86400" }, longestWaitMs],
  ])("waits by %s", (_, headers, waitMs) => {
    expect(hint(headers as unknown as Record<string, string>).waitMs).toBe(waitMs);
  });

  it("reads what OpenRouter repeats inside the error", () => {
    const metadata = { headers: { "X-RateLimit-Limit": "20", "X-RateLimit-Reset": now + 42_000 } };
    expect(hint({}, metadata)).toEqual({
      waitMs: 42_000,
      learnedLimit: { requests: 20, intervalMs: 60_000 },
    });
    expect(hint({}, { retry_after_seconds: 17 }).waitMs).toBe(17_000);
    expect(hint({}, {}, 8).waitMs).toBe(8_000);
  });

  it.each([
    ["a second", 800, 1_000],
    ["ten seconds", 5_000, 10_000],
    ["a minute", 59_000, 60_000],
    ["an hour", 61_000, 3_600_000],
  ])("takes the window of a limit for %s", (_, resetInMs, intervalMs) => {
    const headers = { "x-ratelimit-limit": "20", "x-ratelimit-reset": String(now + resetInMs) };
    expect(hint(headers).learnedLimit).toEqual({ requests: 20, intervalMs });
  });

  it("does not take a minute for an hour because Date has whole seconds", () => {
    const date = "Mon, 23 Nov 2026 11:59:59 GMT";
    const limit = { date, "x-ratelimit-limit": "20" };
    const full = { ...limit, "x-ratelimit-reset": String(now - 1 + 60_000) };
    expect(hint(full)).toEqual({ waitMs: 60_999, learnedLimit: { requests: 20, intervalMs: 60_000 } });
    const nearly = { ...limit, "x-ratelimit-reset": String(now - 1 + 300) };
    expect(hint(nearly).learnedLimit).toEqual({ requests: 20, intervalMs: 1_000 });
  });

  it("learns no rate from a day's quota, nor from half a limit", () => {
    const daily = { "x-ratelimit-limit": "50", "x-ratelimit-reset": String(now + 15 * 3_600_000) };
    expect(hint(daily)).toEqual({ waitMs: longestWaitMs, learnedLimit: null });
    expect(hint({ "x-ratelimit-limit": "50" }).learnedLimit).toBeNull();
    expect(hint({ "x-ratelimit-limit": "0", "x-ratelimit-reset": "5" }).learnedLimit).toBeNull();
  });
});

describe("waitUntil", () => {
  it("waits for an instant ahead, at most an hour", () => {
    expect(waitUntil("2026-11-23T12:10:00Z", now)).toBe(600_000);
    expect(waitUntil("2026-11-24T12:10:00Z", now)).toBe(longestWaitMs);
    expect(waitUntil("2026-11-23T11:00:00Z", now)).toBeNull();
    expect(waitUntil(undefined, now)).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import { parseRateLimit } from "./rate-limit.ts";

describe("parseRateLimit", () => {
  it.each([
    ["230/10s", { requests: 230, intervalMs: 10_000 }],
    ["100000/1m", { requests: 100_000, intervalMs: 60_000 }],
    ["5/500ms", { requests: 5, intervalMs: 500 }],
    ["50/24h", { requests: 50, intervalMs: 86_400_000 }],
  ])("reads %s", (text, limit) => {
    expect(parseRateLimit(text)).toEqual(limit);
  });

  it.each(["", "230", "230/s", "0/10s", "230/0s", "1.5/1s", "-1/1s", "5/1d", "5/25h", "5/10s/1s"])(
    "refuses %j",
    (text) => {
      expect(parseRateLimit(text)).toBeNull();
    },
  );
});

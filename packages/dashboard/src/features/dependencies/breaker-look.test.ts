import type { GuardedServiceView } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { breakerSentence } from "./breaker-look.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const closed: GuardedServiceView = {
  service: "weather",
  state: "closed",
  fail_count: 0,
  success_count: 0,
  opened_at: null,
  retry_at: null,
  limiter: null,
};

describe("breakerSentence", () => {
  it.each<[string, Partial<GuardedServiceView>, RegExp]>([
    ["an unused one", {}, /none in its window/],
    ["a closed one", { fail_count: 1, success_count: 3 }, /25% of 4 in its window failed/],
    ["a forced one", { state: "open" }, /until it is reset/],
    ["an open one", { state: "open", retry_at: "2026-01-01T00:00:42Z" }, /First probe in 42 s/],
    ["one whose time is over", { state: "open", retry_at: "2025-12-31T23:59:59Z" }, /next task that is due/],
    ["a half-open one", { state: "half-open", success_count: 2 }, /2 went well/],
  ])("says what %s does", (_, change, sentence) => {
    expect(breakerSentence({ ...closed, ...change }, now)).toMatch(sentence);
  });
});

import { describe, expect, it } from "vitest";
import { formatAge, formatDuration } from "./durations.ts";

describe("formatDuration", () => {
  it.each([
    [-5, "0 s"],
    [0, "0 s"],
    [0.4, "<1 ms"],
    [840, "840 ms"],
    [4_249, "4.2 s"],
    [42_900, "42 s"],
    [200_000, "3 min 20 s"],
    [180_000, "3 min"],
    [45 * 60_000 + 10_000, "45 min"],
    [2 * 3_600_000 + 5 * 60_000, "2 h 5 min"],
    [76 * 3_600_000, "3 d 4 h"],
  ])("says %d ms as %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe("formatAge", () => {
  it.each([
    [-1, "0 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [47 * 3_600_000, "47 h"],
    [48 * 3_600_000, "2 d"],
  ])("says %d ms as %s", (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });
});

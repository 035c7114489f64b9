import { describe, expect, it } from "vitest";
import { formatInstant, formatMoment, withLocalInstants } from "./instants.ts";

const instant = "2026-01-31T23:30:05.000Z";

describe("formatInstant", () => {
  it.each([
    ["UTC", "23:30:05"],
    ["Europe/Oslo", "00:30:05"],
    ["America/New_York", "18:30:05"],
  ])("tells the time in %s", (zone, text) => {
    expect(formatInstant(instant, "time", zone)).toBe(text);
  });
});

describe("formatMoment", () => {
  it("leaves out the date of today alone", () => {
    const at = Date.parse(instant);
    expect(formatMoment(at, at)).toBe(formatInstant(at, "time"));
    expect(formatMoment(at, at + 48 * 3_600_000)).toBe(
      `${formatInstant(at, "date")}, ${formatInstant(at, "time")}`,
    );
  });
});

describe("withLocalInstants", () => {
  it("puts every instant of a sentence into the chosen zone, and nothing else", () => {
    expect(withLocalInstants(`Not called until ${instant}; 12 of 2026 failed.`)).toBe(
      `Not called until ${formatMoment(instant)}; 12 of 2026 failed.`,
    );
  });
});

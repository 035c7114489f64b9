import { describe, expect, it } from "vitest";
import { instantInputSchema, parseInstant, parseInstantEnd, toInstant } from "./wire-instant.ts";

describe("parseInstant", () => {
  it.each([
    ["2026-01-31", "2026-01-31T00:00:00.000Z"],
    ["2026-01-31T12:30:00Z", "2026-01-31T12:30:00.000Z"],
    ["2026-01-31T12:30:00.25Z", "2026-01-31T12:30:00.250Z"],
    ["2026-01-31T12:30:00+02:00", "2026-01-31T10:30:00.000Z"],
    ["2026-01-31T12:30:00 02:00", "2026-01-31T10:30:00.000Z"],
    ["2026-01-31 12:30:00", "2026-01-31T12:30:00.000Z"],
    ["2026-01-31T12:30", "2026-01-31T12:30:00.000Z"],
  ])("reads %s", (text, iso) => {
    expect(toInstant(parseInstant(text) ?? 0)).toBe(iso);
  });

  it.each(["", "yesterday", "2026-02-31", "2026-13-01", "1769860000", "2026-01-31T25:00:00Z"])(
    "refuses %j",
    (text) => {
      expect(parseInstant(text)).toBeNull();
      expect(instantInputSchema.safeParse(text).success).toBe(false);
    },
  );

  it("ends a bare date with its last millisecond, and leaves other instants alone", () => {
    expect(toInstant(parseInstantEnd("2026-01-31") ?? 0)).toBe("2026-01-31T23:59:59.999Z");
    expect(toInstant(parseInstantEnd("2026-01-31T12:00:00Z") ?? 0)).toBe("2026-01-31T12:00:00.000Z");
  });
});

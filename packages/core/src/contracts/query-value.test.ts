import { describe, expect, it } from "vitest";
import { queryBooleanSchema, queryInteger, queryObjectSchema } from "./query-value.ts";

describe("values of query parameters", () => {
  it.each([
    ["true", true],
    ["True", true],
    ["1", true],
    ["FALSE", false],
    ["0", false],
  ])("reads %s as %s", (text, value) => {
    expect(queryBooleanSchema.parse(text)).toBe(value);
  });

  it.each(["yes", "2", "", "truee"])("refuses %j as a boolean", (text) => {
    expect(queryBooleanSchema.safeParse(text).success).toBe(false);
  });

  it("reads whole numbers within their range", () => {
    const limit = queryInteger(1, 100);
    expect(limit.parse("100")).toBe(100);
    for (const text of ["0", "101", "1.5", "ten", "Infinity"])
      expect(limit.safeParse(text).success).toBe(false);
  });

  it("reads JSON objects alone", () => {
    expect(queryObjectSchema.parse('{"a":1}')).toEqual({ a: 1 });
    for (const text of ["[1]", "null", "1", "{", '"x"'])
      expect(queryObjectSchema.safeParse(text).success).toBe(false);
  });
});

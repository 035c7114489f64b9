import { WorkstreamError } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseWith, toPointer } from "./input-validator.ts";

const schema = z.strictObject({ name: z.string(), "a/b": z.array(z.int()).optional() });

function faultsOf(data: unknown): unknown {
  try {
    return parseWith(schema, data);
  } catch (error) {
    if (error instanceof WorkstreamError) return error.details.errors;
    throw error;
  }
}

describe("parseWith", () => {
  it("names every fault by its pointer", () => {
    expect(faultsOf({ name: 1, "a/b": [1, "x"], "~": 1, more: 2 })).toMatchObject([
      { pointer: "/name" },
      { pointer: "/a~1b/1" },
      { pointer: "/~0", detail: "There is no such field." },
      { pointer: "/more" },
    ]);
  });

  it("says what is missing", () => {
    expect(faultsOf({})).toEqual([{ pointer: "/name", detail: "It is required." }]);
    expect(faultsOf(undefined)).toEqual([{ pointer: "", detail: "It is required." }]);
  });

  it("has a sentence about the first fault, and says how many more there are", () => {
    expect(() => parseWith(schema, { x: 1, y: 2, name: "n" })).toThrow(
      "/x: There is no such field. (1 more in errors)",
    );
  });
});

it("escapes pointers (RFC 6901)", () => {
  expect(toPointer([])).toBe("");
  expect(toPointer(["tasks", 3, "m~n", "a/b"])).toBe("/tasks/3/m~0n/a~1b");
});

import { describe, expect, it } from "vitest";
import { z } from "zod";
import { describeIssues, isSchema, parseWith, pointerOf } from "./schema.ts";

describe("parseWith", () => {
  it("answers a synchronous schema at once", () => {
    expect(parseWith(z.coerce.number(), "3")).toEqual({ isValid: true, value: 3 });
    expect(parseWith(z.number(), "3")).toMatchObject({ isValid: false });
  });

  it("waits for an asynchronous one", async () => {
    const slow = z.string().refine(async (value) => value.length > 2, "too short");
    await expect(parseWith(slow, "abc")).resolves.toEqual({ isValid: true, value: "abc" });
    await expect(parseWith(slow, "a")).resolves.toMatchObject({ issues: [{ message: "too short" }] });
  });
});

it("isSchema knows a schema by its shape", () => {
  expect(isSchema(z.string())).toBe(true);
  expect([{}, null, "z.string()", { "~standard": 1 }].map(isSchema)).toEqual([false, false, false, false]);
});

describe("pointerOf", () => {
  it("escapes what RFC 6901 says", () => {
    expect(pointerOf({ message: "", path: ["a/b", "~", 0, { key: "k" }] })).toBe("/a~1b/~0/0/k");
  });

  it("is empty for the whole value", () => {
    expect(pointerOf({ message: "" })).toBe("");
  });
});

it("describeIssues names five and counts the rest", () => {
  const issues = Array.from({ length: 7 }, (_, index) => ({ message: "wrong", path: [index] }));
  expect(describeIssues(issues)).toBe("/0: wrong; /1: wrong; /2: wrong; /3: wrong; /4: wrong; and 2 more");
  expect(describeIssues([{ message: "expected text" }])).toBe("expected text");
});

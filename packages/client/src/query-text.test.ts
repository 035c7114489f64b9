import { describe, expect, it } from "vitest";
import { path, queryText } from "./query-text.ts";

describe("a query", () => {
  it("leaves out what is undefined or null, and nothing else", () => {
    expect(queryText({ a: 0, b: false, c: "", d: undefined, e: null, f: "x y&z" })).toBe(
      "?a=0&b=false&c=&f=x+y%26z",
    );
    expect(queryText({ a: undefined })).toBe("");
    expect(queryText()).toBe("");
  });
});

describe("a path", () => {
  it("holds any name as one segment", () => {
    expect(path`/tasks/${"a/b?c#d %"}/retry`).toBe("/tasks/a%2Fb%3Fc%23d%20%25/retry");
  });

  it.each(["", ".", ".."])("does not become another one by the name %j", (name) => {
    const { pathname } = new URL(path`/tasks/${name}`, "http://gateway");
    expect(pathname).toBe(`/tasks/${name}%20`);
  });
});

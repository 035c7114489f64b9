import { expect, it } from "vitest";
import { parseQuery } from "./query-string.ts";

it("counts an empty parameter as not given", () => {
  expect(parseQuery("a=1&b=&c&d=x%20y&e=1&e=2")).toEqual({ a: "1", d: "x y", e: ["1", "2"] });
});

import { expect, it } from "vitest";
import { prefersHtml } from "./accept-header.ts";

it.each([
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true],
  ["application/json, text/html;q=0.5", false],
  ["text/html;q=0.9, application/json;q=0.2", true],
  ["text/html;q=0", false],
  ["application/json", false],
  ["*/*", false],
  [undefined, false],
])("%s: %s", (accept, isHtml) => {
  expect(prefersHtml(accept)).toBe(isHtml);
});

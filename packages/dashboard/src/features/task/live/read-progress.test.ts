import { describe, expect, it } from "vitest";
import { readProgress } from "./read-progress.ts";

describe("readProgress", () => {
  it.each([
    [null, null],
    [0.4, { share: 0.4, text: null, rest: {} }],
    [40, { share: 0.4, text: null, rest: {} }],
    ["reading", { share: null, text: "reading", rest: {} }],
    [["a"], { share: null, text: '["a"]', rest: {} }],
    [
      { step: "pages", done: 3, total: 12 },
      { share: 0.25, text: "pages, 3 of 12", rest: {} },
    ],
    [
      { percent: 55, file: "a" },
      { share: 0.55, text: null, rest: { file: "a" } },
    ],
    [{ done: 3 }, { share: null, text: null, rest: { done: 3 } }],
    [
      { done: 3, total: 0 },
      { share: null, text: "3 of 0", rest: {} },
    ],
    [
      { done: 9, total: 3 },
      { share: 1, text: "9 of 3", rest: {} },
    ],
    [{ anything: { deep: 1 } }, { share: null, text: null, rest: { anything: { deep: 1 } } }],
  ])("reads %j", (progress, read) => {
    expect(readProgress(progress)).toEqual(read);
  });
});

import { expect, it } from "vitest";
import { glyphText } from "./glyph-text.ts";

it.each([
  [0x41, "A"],
  [0xfb03, "ffi"],
  [0x02, "-"],
  [0xad, "\u00ad"],
  [0x0d, " "],
  [0xa0, " "],
  [0x00, ""],
  [0xfffd, ""],
  [0xe001, ""],
  [0xd800, ""],
  [0x1f600, "😀"],
])("reads U+%s", (code, text) => {
  expect(glyphText(code)).toBe(text);
});

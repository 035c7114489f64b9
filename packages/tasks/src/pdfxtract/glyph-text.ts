const ligatures: Record<string, string> = {
  ﬀ: "ff",
  ﬁ: "fi",
  ﬂ: "fl",
  ﬃ: "ffi",
  ﬄ: "ffl",
  ﬅ: "st",
  ﬆ: "st",
};

const softHyphen = "\u00ad";
// pdfium puts U+0002 (older builds U+FFFE) where it takes a hyphen at a line end for a soft one.
const lineEndHyphens = new Set([0x02, 0xfffe]);

/** The text that a glyph's code stands for: "" for one that shows nothing readable, " " for every kind of space. */
export function glyphText(code: number): string {
  if (lineEndHyphens.has(code)) return "-";
  if (code === 0 || code === 0xfffd || isPrivateUse(code)) return "";
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return "";
  const char = String.fromCodePoint(code);
  if (char === softHyphen) return char;
  if (/[\s\u200b\u2028\u2029]/u.test(char)) return " ";
  if (/\p{C}/u.test(char)) return "";
  return ligatures[char] ?? char;
}

export function isPrivateUse(code: number): boolean {
  return (code >= 0xe000 && code <= 0xf8ff) || code >= 0xf0000;
}

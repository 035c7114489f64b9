/** A search, cut into words: `status:dlq`, `error:"a b"`, `019f`. */

export type SearchToken = {
  /** As it was typed. */
  text: string;
  /** What stands before the first colon, in small letters; null for a bare word. */
  name: string | null;
  /** Without its quotes. */
  value: string;
  /** A quote that was opened and not closed. */
  isOpen: boolean;
  start: number;
  end: number;
};

const word = /(?:([a-z_-]+):)?(?:"((?:[^"\\]|\\[\s\S])*)("?)(\S*)|(\S*))/giy;

export function searchTokens(text: string): SearchToken[] {
  const tokens: SearchToken[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? "")) {
      at += 1;
      continue;
    }
    word.lastIndex = at;
    const [whole = "", name, quoted, closing, behind = "", plain = ""] = word.exec(text) ?? [];
    tokens.push({
      text: whole,
      name: name?.toLowerCase() ?? null,
      value: quoted === undefined ? plain : quoted.replace(/\\(.)/gs, "$1") + behind,
      isOpen: closing === "",
      start: at,
      end: at + whole.length,
    });
    at += Math.max(1, whole.length);
  }
  return tokens;
}

/** As little quoting as it takes. */
export function quoteValue(value: string): string {
  return value !== "" && !/[\s"]/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`;
}

import { commonest } from "./text-line.ts";
import type { Word } from "./word.ts";

const minCharactersForOwnSize = 600;

/** The font size, in points, that most of the text is set in; 10 where there is no text. */
export function commonestSize(words: readonly Word[]): number {
  return words.length > 0 ? commonest(words, (word) => Math.round(word.fontSize * 4) / 4) : 10;
}

/** A page's own body size where it has enough text to show one, else the document's. */
export function bodySizeOf(words: readonly Word[], documentSize: number): number {
  const characters = words.reduce((sum, word) => sum + word.text.length, 0);
  return characters >= minCharactersForOwnSize ? commonestSize(words) : documentSize;
}

/** How often each word of a text occurs, in the case it was written in. */
export type Lexicon = ReadonlyMap<string, number>;

const WORD = /[\p{L}\p{M}]+/gu;

export function countWords(text: string): Lexicon {
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(WORD)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/**
 * Whether a capitalised word is an ordinary word that begins a sentence, rather than a name: it is written in lower
 * case elsewhere in the same text (the orthographic heuristic of Punkt, Kiss & Strunk 2006).
 */
export function isSentenceStarter(word: string, lexicon: Lexicon): boolean {
  const lowerCount = lexicon.get(word.toLowerCase()) ?? 0;
  return word !== word.toLowerCase() && lowerCount > 0 && lowerCount * 2 >= (lexicon.get(word) ?? 0);
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** Beyond so many characters words are counted by the blanks between them: telling them apart would take too long. */
const segmentedLength = 20_000;

/** Words of a text in any language, also one that writes no blanks. */
export function countWords(text: string): number {
  if (text.length > segmentedLength) return text.split(/\s+/).filter((word) => word !== "").length;
  let count = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) count++;
  return count;
}

/** A sentence as a sparse unit vector: term numbers and their weights, in the same order. */
export type TermVector = { terms: Uint32Array; weights: Float64Array; wordCount: number };

type TermCounts = { counts: Map<number, number>; wordCount: number };

// Six letters stand in for a stem in any alphabet (truncation holds up against stemmers, McNamee & Mayfield 2004);
// a Korean stem is about two syllables, with its particles behind it.
const stemCharacters = 6;
const hangulStemCharacters = 2;
const hangul = /^\p{Script=Hangul}/u;

/** tf·idf vectors of unit length. idf takes the weight from stop words in every language alike. */
export function termVectors(sentences: readonly string[], language: string): TermVector[] {
  const segmenter = new Intl.Segmenter(language, { granularity: "word" });
  const numbers = new Map<string, number>();
  const counted = sentences.map((text) => countTerms(text, segmenter, numbers));
  const frequencies = documentFrequencies(counted, numbers.size);
  return counted.map((counts) => toUnitVector(counts, frequencies, sentences.length));
}

function countTerms(text: string, segmenter: Intl.Segmenter, numbers: Map<string, number>): TermCounts {
  const counts = new Map<number, number>();
  let wordCount = 0;
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    if (isWordLike !== true) continue;
    const number = numberOf(stem(segment), numbers);
    counts.set(number, (counts.get(number) ?? 0) + 1);
    wordCount++;
  }
  return { counts, wordCount };
}

function stem(word: string): string {
  const folded = word.normalize("NFKC").toLowerCase();
  return folded.slice(0, hangul.test(folded) ? hangulStemCharacters : stemCharacters);
}

function numberOf(term: string, numbers: Map<string, number>): number {
  const known = numbers.get(term);
  if (known !== undefined) return known;
  numbers.set(term, numbers.size);
  return numbers.size - 1;
}

function documentFrequencies(counted: readonly TermCounts[], termCount: number): Uint32Array {
  const frequencies = new Uint32Array(termCount);
  for (const { counts } of counted) for (const term of counts.keys()) frequencies[term]! += 1;
  return frequencies;
}

function toUnitVector(
  { counts, wordCount }: TermCounts,
  frequencies: Uint32Array,
  total: number,
): TermVector {
  const terms = Uint32Array.from(counts.keys());
  const weights = Float64Array.from(terms, (term) => {
    return (1 + Math.log(counts.get(term)!)) * Math.log((total + 1) / frequencies[term]!);
  });
  const length = Math.hypot(...weights);
  return { terms, weights: length > 0 ? weights.map((weight) => weight / length) : weights, wordCount };
}

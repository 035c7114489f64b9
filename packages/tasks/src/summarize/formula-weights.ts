import type { TermVector } from "./term-vectors.ts";

const openingTerms = 5;
const formulaRepeats = 3;
const formulaWeight = 0.5;

/**
 * Sentences that open alike ("For more information on ...", "Description: this is ...") are entries of a list or
 * phrases of a form. They are alike enough to raise each other's rank, and say little of the whole.
 */
export function formulaWeights(vectors: readonly TermVector[]): Float64Array {
  const openings = vectors.map(({ terms }) => terms.slice(0, openingTerms).join(" "));
  const counts = new Map<string, number>();
  for (const opening of openings) counts.set(opening, (counts.get(opening) ?? 0) + 1);
  return Float64Array.from(openings, (opening) =>
    counts.get(opening)! >= formulaRepeats ? formulaWeight : 1,
  );
}

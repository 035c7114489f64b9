import type { TermVector } from "./term-vectors.ts";

const relevanceShare = 0.7;
// Two sentences this alike say the same of two things ("... the testing release", "... the unstable release").
const repetitionCosine = 0.6;

/**
 * Maximal marginal relevance (Carbonell & Goldstein 1998): takes up to `count` rows one at a time, each the best by
 * its score less its likeness to the rows already taken; one that repeats a row taken is never taken. Returns row
 * numbers in ascending order.
 */
export function selectDiverse(vectors: readonly TermVector[], scores: Float64Array, count: number): number[] {
  const best = scores.reduce((most, score) => Math.max(most, score), Number.MIN_VALUE);
  const likeness = new Float64Array(vectors.length);
  const taken: number[] = [];
  while (taken.length < Math.min(count, vectors.length)) {
    const row = bestRow(scores, likeness, best, taken);
    if (row === undefined) break;
    taken.push(row);
    raiseLikeness(likeness, vectors, vectors[row]!);
  }
  return taken.sort((a, b) => a - b);
}

function bestRow(
  scores: Float64Array,
  likeness: Float64Array,
  best: number,
  taken: readonly number[],
): number | undefined {
  const isTaken = new Set(taken);
  let found: number | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < scores.length; row++) {
    const gain = (relevanceShare * scores[row]!) / best - (1 - relevanceShare) * likeness[row]!;
    if (gain <= highest || isTaken.has(row) || likeness[row]! > repetitionCosine) continue;
    highest = gain;
    found = row;
  }
  return found;
}

function raiseLikeness(likeness: Float64Array, vectors: readonly TermVector[], taken: TermVector): void {
  const weightOf = new Map(Array.from(taken.terms, (term, index) => [term, taken.weights[index]!]));
  vectors.forEach(({ terms, weights }, row) => {
    let cosine = 0;
    for (let index = 0; index < terms.length; index++)
      cosine += weights[index]! * (weightOf.get(terms[index]!) ?? 0);
    likeness[row] = Math.max(likeness[row]!, cosine);
  });
}

import type { TermVector } from "./term-vectors.ts";

const damping = 0.85;
const maxIterations = 50;
const tolerance = 1e-4;

/**
 * TextRank (Mihalcea & Tarau 2004) over the graph whose edges are the cosines of the sentences' tf·idf vectors (as in
 * LexRank, Erkan & Radev 2004). Scores average 1.
 *
 * With the unit vectors as rows of W, the weights of the edges are WWᵀ less its diagonal. The graph is never built:
 * each iteration takes W(Wᵀx) − x, which costs the number of words and not the square of the number of sentences.
 */
export function textRank(vectors: readonly TermVector[]): Float64Array {
  const termCount = vectors.reduce((most, { terms }) => terms.reduce((a, b) => Math.max(a, b), most), -1) + 1;
  const similarTo = (x: Float64Array): Float64Array => multiplySimilarity(vectors, termCount, x);
  const degrees = similarTo(new Float64Array(vectors.length).fill(1));
  let scores = new Float64Array(vectors.length).fill(1);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const shares = scores.map((score, index) => (degrees[index]! > 1e-9 ? score / degrees[index]! : 0));
    const next = similarTo(shares).map((received) => 1 - damping + damping * received);
    const change = next.reduce((sum, score, index) => sum + Math.abs(score - scores[index]!), 0);
    scores = next;
    if (change < tolerance * scores.length) break;
  }
  return scores;
}

function multiplySimilarity(
  vectors: readonly TermVector[],
  termCount: number,
  x: Float64Array,
): Float64Array {
  const byTerm = new Float64Array(termCount);
  vectors.forEach(({ terms, weights }, row) => {
    for (let index = 0; index < terms.length; index++) byTerm[terms[index]!]! += weights[index]! * x[row]!;
  });
  return Float64Array.from(vectors, ({ terms, weights }, row) => {
    let sum = 0;
    for (let index = 0; index < terms.length; index++) sum += weights[index]! * byTerm[terms[index]!]!;
    return Math.max(0, sum - (terms.length > 0 ? x[row]! : 0));
  });
}

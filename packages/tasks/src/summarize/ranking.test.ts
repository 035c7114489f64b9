import { describe, expect, it } from "vitest";
import { selectDiverse } from "./diverse-selection.ts";
import { formulaWeights } from "./formula-weights.ts";
import { termVectors } from "./term-vectors.ts";
import { textRank } from "./text-rank.ts";

const SENTENCES = [
  "The ferry crosses the northern lake every morning.",
  "A ferry on the lake carries cars every evening.",
  "Cars wait for the ferry at the lake.",
  "Bread tastes best with salted butter.",
];

function cosine(a: (typeof vectors)[number], b: (typeof vectors)[number]): number {
  return a.terms.reduce((sum, term, index) => {
    const other = b.terms.indexOf(term);
    return other < 0 ? sum : sum + a.weights[index]! * b.weights[other]!;
  }, 0);
}
const vectors = termVectors(SENTENCES, "en");

/** The textbook iteration over the dense graph, as the reference. */
function denseTextRank(): number[] {
  const edges = vectors.map((a, row) => vectors.map((b, column) => (row === column ? 0 : cosine(a, b))));
  const degrees = edges.map((row) => row.reduce((sum, edge) => sum + edge, 0));
  let scores = edges.map(() => 1);
  for (let iteration = 0; iteration < 200; iteration++) {
    scores = edges.map((row) => {
      const received = row.reduce(
        (sum, edge, from) => sum + (degrees[from]! > 0 ? (edge * scores[from]!) / degrees[from]! : 0),
        0,
      );
      return 0.15 + 0.85 * received;
    });
  }
  return scores;
}

describe("textRank", () => {
  it("gives the scores of the dense graph without building it", () => {
    const expected = denseTextRank();
    for (const [row, score] of textRank(vectors).entries()) expect(score).toBeCloseTo(expected[row]!, 2);
  });

  it("ranks a sentence that shares no word last", () => {
    const scores = [...textRank(vectors)];
    expect(scores.indexOf(Math.min(...scores))).toBe(3);
  });

  it("has no scores for no sentences, and an even one for a sentence without words", () => {
    expect([...textRank([])]).toEqual([]);
    expect([...textRank(termVectors(["..."], "en"))]).toEqual([expect.closeTo(0.15)]);
  });
});

describe("selectDiverse", () => {
  it("passes over a near copy of a sentence already taken", () => {
    const copies = termVectors([SENTENCES[0]!, `${SENTENCES[0]} Again.`, SENTENCES[3]!, SENTENCES[2]!], "en");
    expect(selectDiverse(copies, Float64Array.of(1, 0.99, 0.4, 0.3), 2)).toEqual([0, 2]);
  });

  it("returns rows in the order of the text, and no more than there are", () => {
    expect(selectDiverse(vectors, Float64Array.of(0.1, 0.2, 0.3, 0.4), 10)).toEqual([0, 1, 2, 3]);
  });
});

describe("formulaWeights", () => {
  it("halves sentences that open alike, from the third", () => {
    const forms = ["north", "south", "west"].map(
      (shore) => `For more news about the ${shore} shore ask the office.`,
    );
    const weights = formulaWeights(termVectors([...forms, SENTENCES[0]!], "en"));
    expect([...weights]).toEqual([0.5, 0.5, 0.5, 1]);
  });
});

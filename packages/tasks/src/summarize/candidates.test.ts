import { describe, expect, it } from "vitest";
import { chooseCandidates } from "./candidates.ts";
import type { Sentence } from "./sentences.ts";

const plain = "The ferry crosses the lake twice a day in the summer.";
const sentenceOf = (text: string, index = 0): Sentence => ({
  text,
  paragraph: index,
  position: 1,
  isListItem: false,
});

/** The weight of a sentence where the lead has faded. */
function weightOf(text: string): number {
  const before = Array.from({ length: 60 }, (_, index) =>
    sentenceOf(`The ferry takes ${index} cars over the lake.`, index),
  );
  return chooseCandidates([...before, sentenceOf(text, 60)], "en").at(-1)!.weight;
}

describe("chooseCandidates", () => {
  it.each([
    ["shouting", "THE FERRY CROSSES THE LAKE TWICE A DAY."],
    ["figures", "Depth 12.5 13.7 14.2 15.9 16.3 17.8 18.1 metres."],
    ["symbols", "Set lake=$LAKE; then {cross} | wait > log."],
    ["a question", "Does the ferry cross the lake twice a day?"],
    ["a line that introduces a list", "The ferry crosses the following lakes:"],
    ["a fragment", "crossing the lake twice a day in the summer."],
    ["a line that ends in nothing", "Crossing the lake in the summer"],
    ["an address", "The ferry is described at https://example.org/lake in full."],
    ["a copyright line", "Copyright © 2024 The Ferry Company of the Lake."],
    ["words that lean on the sentence before", "This happens twice a day in the summer."],
    ["half a quotation", 'The ferry "crosses the lake twice a day in the summer.'],
  ])("weighs %s less than a statement", (_, text) => {
    expect(weightOf(text)).toBeLessThan(weightOf(plain) * 0.7);
  });

  it("weighs the opening most", () => {
    const weights = chooseCandidates(
      [0, 1, 2].map((n) => sentenceOf(`${plain} Number ${n}.`)),
      "en",
    ).map(({ weight }) => weight);
    expect(weights[0]).toBeGreaterThan(weights[1]!);
    expect(weights[1]).toBeGreaterThan(weights[2]!);
  });

  it("takes 2,000 of more, evenly from the whole text", () => {
    const sentences = Array.from({ length: 9_999 }, (_, index) =>
      sentenceOf(`The ferry number ${index} crosses the lake.`, index),
    );
    const places = chooseCandidates(sentences, "en").map(({ sentence }) => sentence.paragraph);
    expect(places).toHaveLength(2_000);
    for (const [run, place] of places.entries()) expect(Math.abs(place - run * 5)).toBeLessThanOrEqual(5);
  });
});

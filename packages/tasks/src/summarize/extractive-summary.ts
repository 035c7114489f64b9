import { type Candidate, chooseCandidates } from "./candidates.ts";
import { selectDiverse } from "./diverse-selection.ts";
import { formulaWeights } from "./formula-weights.ts";
import { resolveLanguage } from "./language.ts";
import { countWords } from "./lexicon.ts";
import { plainLines } from "./markup.ts";
import { bareLines, proseParagraphs } from "./paragraphs.ts";
import { readableParagraph } from "./readable-paragraph.ts";
import { createSentenceSplitter, type Sentence } from "./sentences.ts";
import { termVectors } from "./term-vectors.ts";
import { textRank } from "./text-rank.ts";

export type ExtractiveSummary = {
  summary: string;
  /** ISO 639-1, or "und" where it could not be told. */
  language: string;
  method: "extractive";
  /** Sentences found in the text's prose; headings, tables, contents and code are not counted. */
  sentenceCount: number;
  /** Sentences of the text that make up the summary. */
  sentencesUsed: number;
};

export type ExtractiveSummaryOptions = {
  /** At most this many sentences; by default 1 to 7, by the length of the text. Brought within 1 to 100. */
  maxSentences?: number;
  /** BCP 47; its language is used in place of detection. One that is not well formed is ignored. */
  locale?: string;
};

const longestWordlessSummary = 200;
const mostSentences = 100;
const mostDefaultSentences = 7;

/**
 * Summarizes a text in its own sentences, in their order, with no model and no network.
 *
 * Sentences are ranked by TextRank (Mihalcea & Tarau 2004), weighted by how well each reads on its own, and chosen
 * by maximal marginal relevance (Carbonell & Goldstein 1998), so that none repeats another. Any language that
 * `Intl.Segmenter` can split. Pure and synchronous; never throws. At most 2,000 sentences are ranked.
 */
export function summarizeExtractively(
  text: string,
  options: ExtractiveSummaryOptions = {},
): ExtractiveSummary {
  const { sentences, language } = readSentences(text, options.locale);
  const candidates = chooseCandidates(sentences, language);
  const chosen = rank(candidates, language, sentenceLimit(candidates.length, options.maxSentences));
  return {
    summary: summaryText(text, sentences, chosen),
    language,
    method: "extractive",
    sentenceCount: sentences.length,
    sentencesUsed: chosen.length,
  };
}

/** The sentences of a text's prose, and the language that it is in. */
export function readSentences(text: string, locale?: string): { sentences: Sentence[]; language: string } {
  const lines = plainLines(text);
  const lexicon = countWords(text);
  const prose = proseParagraphs(lines, lexicon);
  const paragraphs = prose.length > 0 ? prose : bareLines(lines);
  const language = resolveLanguage(
    paragraphs.map((paragraph) => paragraph.text),
    locale,
  );
  return { sentences: paragraphs.flatMap(createSentenceSplitter(lexicon, language)), language };
}

function rank(candidates: readonly Candidate[], language: string, limit: number): Sentence[] {
  const vectors = termVectors(
    candidates.map(({ sentence }) => sentence.text),
    language,
  );
  const centrality = textRank(vectors);
  const formula = formulaWeights(vectors);
  const scores = Float64Array.from(vectors, ({ wordCount }, row) => {
    return centrality[row]! * candidates[row]!.weight * formula[row]! * lengthWeight(wordCount);
  });
  return selectDiverse(vectors, scores, limit).map((row) => candidates[row]!.sentence);
}

// Too short to say anything below 10 words; past 30 a sentence takes the place of two.
const lengthWeight = (wordCount: number): number => Math.min(1, wordCount / 10, 30 / Math.max(1, wordCount));

/** The natural logarithm of the number of sentences: 1 for up to 4, 3 for 20, 5 for 150, 7 from 700. */
function sentenceLimit(candidateCount: number, asked: number | undefined): number {
  if (asked !== undefined && !Number.isNaN(asked))
    return Math.min(mostSentences, Math.max(1, Math.floor(asked)));
  return Math.min(mostDefaultSentences, Math.max(1, Math.round(Math.log(candidateCount))));
}

function summaryText(text: string, sentences: readonly Sentence[], chosen: readonly Sentence[]): string {
  const trimmed = text.trim();
  if (sentences.length > 0) return readableParagraph(chosen);
  return trimmed.length <= longestWordlessSummary ? trimmed : "";
}

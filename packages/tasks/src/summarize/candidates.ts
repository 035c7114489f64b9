import { isCopyright, proseWeight } from "./prose-weight.ts";
import type { Sentence } from "./sentences.ts";

export type Candidate = { sentence: Sentence; weight: number };

const mostCandidates = 2_000;
const leadShare = 0.015;
const fewestLeadSentences = 5;
const PROSE_WEIGHT = 0.5;
const foreignWeight = 0.3;
const noticeSentences = 3;
const noticeWeight = 0.4;
const letter = /\p{L}/gu;
const latin = /\p{Script=Latin}/gu;

/**
 * The sentences that enter the ranking, in order, with their weight apart from it. One that comes back counts once.
 *
 * Of more than 2,000, the text is cut into 2,000 runs of equal length and each gives its best sentence: every part
 * of a long text is heard alike, whichever part its abstract or its index is in.
 */
export function chooseCandidates(sentences: readonly Sentence[], language: string): Candidate[] {
  const distinct = withoutRepeats(sentences).map(weigh(language));
  const weighted = promoteLead(demoteNotices(demoteForeign(distinct)));
  if (weighted.length <= mostCandidates) return weighted;
  return Array.from({ length: mostCandidates }, (_, run) => bestOfRun(weighted, run));
}

function withoutRepeats(sentences: readonly Sentence[]): Sentence[] {
  const seen = new Map<string, Sentence>();
  for (const sentence of sentences) {
    const key = sentence.text.toLowerCase();
    if (!seen.has(key)) seen.set(key, sentence);
  }
  return [...seen.values()];
}

function bestOfRun(weighted: readonly Candidate[], run: number): Candidate {
  const start = Math.floor((run * weighted.length) / mostCandidates);
  const end = Math.floor(((run + 1) * weighted.length) / mostCandidates);
  return weighted
    .slice(start, end)
    .reduce((best, candidate) => (candidate.weight > best.weight ? candidate : best));
}

const weigh =
  (language: string) =>
  (sentence: Sentence): Candidate => ({ sentence, weight: proseWeight(sentence, language) });

/** In a text of another script, a sentence in Latin letters is a passage that was not translated. */
function demoteForeign(candidates: readonly Candidate[]): Candidate[] {
  const shares = candidates.map(({ sentence }) => latinShare(sentence.text));
  const isLatinText = shares.filter((share) => share > 0.5).length * 2 > shares.length;
  if (isLatinText) return [...candidates];
  return candidates.map(({ sentence, weight }, row) => ({
    sentence,
    weight: shares[row]! > 0.7 ? weight * foreignWeight : weight,
  }));
}

function latinShare(text: string): number {
  const letterCount = text.match(letter)?.length ?? 0;
  return letterCount === 0 ? 0 : (text.match(latin)?.length ?? 0) / letterCount;
}

/** The terms of a licence follow the copyright line, in whatever language. */
function demoteNotices(candidates: readonly Candidate[]): Candidate[] {
  let noticeLeft = 0;
  return candidates.map(({ sentence, weight }) => {
    noticeLeft = isCopyright(sentence.text) ? noticeSentences : noticeLeft - 1;
    return { sentence, weight: noticeLeft >= 0 ? weight * noticeWeight : weight };
  });
}

// The opening says what a text is about, and is the summary that is hardest to beat in news (Nenkova 2005). It
// counts up to double, fading over five sentences or 1.5 % of the text; notices and lists before it do not use it up.
function promoteLead(candidates: readonly Candidate[]): Candidate[] {
  const fade = Math.max(fewestLeadSentences, candidates.length * leadShare);
  let position = 0;
  return candidates.map(({ sentence, weight }) => {
    const led = weight * (1 + Math.exp(-position / fade));
    if (weight >= PROSE_WEIGHT) position++;
    return { sentence, weight: led };
  });
}

import { functionWords } from "./function-words.ts";

const maxTopics = 6;
const minTopics = 3;
const minLetters = 4;
const titleWeight = 2;
// A body of a few words repeats nothing; what it mentions once is then a guess that only its title can back.
const minCount = 2;
const maxTermsCompared = 200;
const maxCharactersRead = 60_000;

type Term = { word: string; count: number; inTitle: boolean; firstAt: number };

/**
 * Three to six content words: the ones used most, those of the title counting more. Words of four letters and up
 * that are not function words, in any script that `Intl.Segmenter` can divide; no dictionary, no model.
 */
export function findTopics(title: string, body: string): string[] {
  const terms = countTerms(title, body.slice(0, maxCharactersRead));
  const ranked = mergeInflections([...terms.values()]).sort(
    (one, other) => score(other) - score(one) || one.firstAt - other.firstAt,
  );
  const repeated = ranked.filter((term) => term.count >= minCount);
  const chosen =
    repeated.length >= minTopics ? repeated : ranked.filter((term) => term.count >= minCount || term.inTitle);
  return chosen.slice(0, maxTopics).map((term) => term.word);
}

function countTerms(title: string, body: string): Map<string, Term> {
  const terms = new Map<string, Term>();
  for (const [text, inTitle] of [
    [title, true],
    [body, false],
  ] as const) {
    for (const word of contentWords(text)) {
      const key = word.toLowerCase();
      const term = terms.get(key) ?? { word: key, count: 0, inTitle: false, firstAt: terms.size };
      term.count++;
      term.inTitle ||= inTitle;
      terms.set(key, term);
    }
  }
  return terms;
}

function* contentWords(text: string): Generator<string> {
  for (const { segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: "word" }).segment(
    text,
  )) {
    if (!isWordLike || functionWords.has(segment.toLowerCase())) continue;
    if (isLongEnough(segment)) yield segment;
  }
}

function isLongEnough(word: string): boolean {
  if (/[\p{Script=Han}\p{Script=Hangul}\p{Script=Katakana}]{2}/u.test(word)) return true;
  return /^[\p{L}\p{M}'’-]+$/u.test(word) && word.length >= minLetters;
}

// "council" and "councils" are one topic, named by the form used more. A shared beginning and an ending of up to two
// letters is as much grammar as can be had without knowing the language.
function mergeInflections(terms: readonly Term[]): Term[] {
  const merged: Term[] = [];
  const commonest = [...terms].sort((one, other) => other.count - one.count).slice(0, maxTermsCompared);
  for (const term of commonest) {
    const kin = merged.find((other) => isInflection(term.word, other.word));
    if (!kin) merged.push({ ...term });
    else {
      kin.count += term.count;
      kin.inTitle ||= term.inTitle;
      kin.firstAt = Math.min(kin.firstAt, term.firstAt);
    }
  }
  return merged;
}

function isInflection(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length >= 5 && long.startsWith(short) && long.length - short.length <= 2;
}

function score(term: Term): number {
  return term.count * (term.inTitle ? titleWeight : 1);
}

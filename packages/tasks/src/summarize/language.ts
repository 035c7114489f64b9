import { detectAll } from "tinyld";
import { endsSentence } from "./scripts.ts";

/** A language that could not be told, in BCP 47. */
export const undetermined = "und";

const mostVoters = 40;
const voterCharacters = 300;
// tinyld gives "hello" to Italian at 0.2: a few Latin letters say nothing. A script used by one language says enough.
const fewestLatinLetters = 20;
const latin = /\p{Script=Latin}/gu;
const otherLetter = /(?!\p{Script=Latin})\p{L}/u;

/** The ISO 639-1 code of the locale asked for, or else of the language that most paragraphs are in, or "und". */
export function resolveLanguage(paragraphs: readonly string[], locale?: string): string {
  return (locale === undefined ? undefined : localeLanguage(locale)) ?? detectLanguage(paragraphs);
}

function localeLanguage(locale: string): string | undefined {
  try {
    return twoLetters(new Intl.Locale(locale.replaceAll("_", "-")).language);
  } catch {
    return undefined;
  }
}

function detectLanguage(paragraphs: readonly string[]): string {
  const votes = new Map<string, number>();
  for (const voter of voters(paragraphs)) {
    const language = detectOne(voter);
    if (language !== undefined) votes.set(language, (votes.get(language) ?? 0) + 1);
  }
  const [first] = [...votes].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? undetermined;
}

function detectOne(text: string): string | undefined {
  const latinCount = text.match(latin)?.length ?? 0;
  if (latinCount < fewestLatinLetters && !otherLetter.test(text)) return undefined;
  return twoLetters(detectAll(text)[0]?.lang);
}

// Paragraphs vote, and not characters: the same text takes three times as many in English as in Japanese. Those
// that end as sentences do tell the language better than headings and lists of names.
function voters(paragraphs: readonly string[]): string[] {
  const statements = paragraphs.filter(endsSentence);
  const eligible = statements.length > 0 ? statements : paragraphs;
  const stride = Math.max(1, eligible.length / mostVoters);
  const count = Math.min(mostVoters, eligible.length);
  return Array.from({ length: count }, (_, index) =>
    eligible[Math.floor(index * stride)]!.slice(0, voterCharacters),
  );
}

const twoLetters = (language: string | undefined): string | undefined =>
  language !== undefined && /^[a-z]{2}$/.test(language) ? language : undefined;

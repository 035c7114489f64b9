import { readSentences } from "./extractive-summary.ts";
import { resolveLanguage, undetermined } from "./language.ts";
import { displayWidth } from "./scripts.ts";

const fewestColumns = 80;

/** Whether a text is long enough: on less than a line, detection is a guess. */
export const tellsLanguage = (text: string): boolean => displayWidth(text) >= fewestColumns;

/** The language that most sentences of a short text are in, or "und" where there is too little of it. */
export function tellLanguage(text: string): string {
  if (!tellsLanguage(text)) return undetermined;
  return resolveLanguage(readSentences(text).sentences.map((sentence) => sentence.text));
}

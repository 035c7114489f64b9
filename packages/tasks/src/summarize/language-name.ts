import { undetermined } from "./language.ts";

const names = new Intl.DisplayNames(["en"], { type: "language" });

/** "Portuguese" for "pt". */
export function languageName(code: string): string {
  return names.of(code) ?? code;
}

/**
 * The language to write in, for a prompt. It was detected, and a detector takes Galician for Portuguese now and then: what
 * counts is the language that the source is in.
 */
export function sourceLanguage(code: string): string {
  const source = "the language of the source";
  return code === undetermined ? source : `${source}, which seems to be ${languageName(code)}`;
}

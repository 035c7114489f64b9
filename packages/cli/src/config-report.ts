import { distance } from "fastest-levenshtein";
import { configSchema, type VariableName, variableNames } from "./config-schema.ts";
import { variableInfo } from "./config-variable.ts";

/** Shorter names of ours (HOST, AUTH) are too close to everybody's. */
const shortestGuess = 5;

export function infoOf(name: VariableName) {
  const info = variableInfo.get(configSchema.shape[name]);
  if (!info) throw new TypeError(`${name} is not registered`);
  return info;
}

const userInUrl = /\/\/[^/@\s]*@/;

/** A value as it may be shown: nothing of a secret but its length, and no user or password of a URL. */
export function shownValue(name: VariableName, value: string): string {
  if (infoOf(name).isSecret) return `(hidden, ${value.length} characters)`;
  return value.replace(userInUrl, "//(hidden)@");
}

/** What is wrong with a value, in one sentence. */
export function problemWith(name: VariableName, value: string): string {
  return `${name}=${shownValue(name, value)} is not allowed: use ${infoOf(name).allowed}.`;
}

/**
 * The variable that `name` was probably meant to be.
 *
 * Other programs' variables stand in the same environment, so a guess must be safe: at most two edits, one where the
 * name is short. A guess warns, and never stops the program.
 */
export function didYouMean(name: string): VariableName | null {
  const upper = name.toUpperCase();
  const allowed = upper.length >= 8 ? 2 : 1;
  const near = variableNames
    .map((known) => ({ known, edits: distance(upper, known) }))
    .filter(({ known, edits }) => edits <= allowed && known.length >= shortestGuess)
    .sort((a, b) => a.edits - b.edits);
  return near[0]?.known ?? null;
}

/** One sentence for each name that is close to one of ours. */
export function misspeltNameWarnings(names: readonly string[]): string[] {
  const known = new Set<string>(variableNames);
  return names.flatMap((name) => {
    const meant = known.has(name) ? null : didYouMean(name);
    return meant ? [`${name} is not a setting: did you mean ${meant}?`] : [];
  });
}

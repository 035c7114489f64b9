/** A prompt that lacks what its task needs, or asks for what there is not. The message says what to change. */
export class PromptError extends Error {
  override readonly name = "PromptError";
}

export type PromptRules<Name extends string> = {
  /** As people know it: the name of its file. */
  name: string;
  /** Placeholders, and whether a prompt can do without one. */
  placeholders: Readonly<Record<Name, "needed" | "optional">>;
};

/** A prompt's text with its placeholders filled. */
export type Prompt<Name extends string> = (values: Readonly<Record<Name, string>>) => string;

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g;
const mostCharacters = 20_000;

/**
 * Reads a prompt: text in which `{{name}}` stands for a value.
 * @throws PromptError for one that is empty, longer than 20,000 characters, lacks a placeholder that is needed or has one
 * that is not known
 */
export function readPrompt<Name extends string>(text: string, rules: PromptRules<Name>): Prompt<Name> {
  const trimmed = text.trim();
  const found = new Set(Array.from(trimmed.matchAll(placeholder), (match) => match[1] ?? ""));
  const problem = problemOf(trimmed, found, rules);
  if (problem !== undefined) throw new PromptError(`The prompt ${rules.name} ${problem}`);
  return (values) =>
    trimmed.replace(placeholder, (_whole, name: string) => (values as Record<string, string>)[name] ?? "");
}

function problemOf(
  text: string,
  found: ReadonlySet<string>,
  { placeholders }: PromptRules<string>,
): string | undefined {
  if (text === "") return "is empty.";
  if (text.length > mostCharacters) return `is longer than ${mostCharacters} characters.`;
  const names = Object.keys(placeholders);
  const missing = names.filter((name) => placeholders[name] === "needed" && !found.has(name));
  if (missing.length > 0) return `lacks ${listed(missing)}: put ${missing.length > 1 ? "them" : "it"} in.`;
  const unknown = [...found].filter((name) => !names.includes(name));
  if (unknown.length > 0) return `has ${listed(unknown)}; what it can have is ${listed(names)}.`;
  return undefined;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `{{${name}}}`).join(", ");
}

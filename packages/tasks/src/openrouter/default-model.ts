/**
 * Asked when OPENROUTER_MODEL is not set: the cheapest of OpenRouter's lasting models that reads page images, takes JSON
 * schemas and holds a book ($0.25 and $1.50 a million tokens, November 2026). Gemini 2.5 was switched off that month.
 */
export const defaultModel = "google/gemini-3.1-flash-lite";

/** What is certain to fit where a model is not known. */
const unknownContextTokens = 32_768;

/** Context windows by the beginning of a model's name, as OpenRouter lists them. */
const knownContextTokens: readonly (readonly [prefix: string, tokens: number])[] = [
  ["google/gemini-", 1_048_576],
  ["anthropic/claude-", 200_000],
  ["openai/gpt-5", 272_000],
  ["openai/gpt-4.1", 1_047_576],
  ["openai/gpt-4o", 128_000],
];

/** How many tokens fit into a model's context; a safe 32,768 for one that is not known. */
export function contextTokensOf(model: string): number {
  const known = knownContextTokens.find(([prefix]) => model.startsWith(prefix));
  return known?.[1] ?? unknownContextTokens;
}

import type { ChatRequest } from "./chat-model.ts";

/** A page at 150 dpi is cut into four to six tiles of 258 tokens by Gemini, and comes to about as much elsewhere. */
const tokensPerImage = 1_300;

/**
 * About how many tokens a text has: four characters each in Latin scripts, two in other alphabets, one in CJK. Meant
 * for reservations and for splitting, not for bills.
 */
export function estimateTokens(text: string): number {
  let quarters = 0;
  for (let index = 0; index < text.length; index += 1) quarters += quartersOf(text.charCodeAt(index));
  return Math.ceil(quarters / 4);
}

/** Latin with its accents ends at U+024F; from U+2E80 on come CJK, kana, hangul and, as surrogate pairs, emoji. */
function quartersOf(unit: number): number {
  if (unit < 0x250) return 1;
  return unit < 0x2e80 ? 2 : 4;
}

/** What a request may take at most: its prompt, and the answer up to its bound. */
export function estimateRequestTokens({ system, content, maxTokens }: ChatRequest): number {
  const prompt = content.map((part) => (part.kind === "text" ? estimateTokens(part.text) : tokensPerImage));
  return prompt.reduce((sum, tokens) => sum + tokens, estimateTokens(system)) + maxTokens;
}

/** What the prompt alone takes. */
export function estimatePromptTokens(request: ChatRequest): number {
  return estimateRequestTokens({ ...request, maxTokens: 0 });
}

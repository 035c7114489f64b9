import { estimateTokens } from "../openrouter/estimate-tokens.ts";
import { answerSchema, type ChatRequestBody, imageCount, promptText } from "./chat-request.ts";
import { madeAnswer } from "./made-answer.ts";

/** A finished generation, before it is sent. */
export type Generation = {
  id: string;
  model: string;
  text: string;
  finishReason: string;
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number; cost: number };
};

const tokensPerImage = 1_290;
/** Dollars a token, of the cheapest models that read images. */
const promptPrice = 0.25e-6;
const completionPrice = 1.5e-6;

/** A token has about four characters, in whatever script. */
const charactersPerToken = 4;

export function generate(
  request: ChatRequestBody,
  id: string,
  scripted: { text: string; finishReason: string } | null,
): Generation {
  const whole = scripted ?? { text: madeAnswer(request), finishReason: "stop" };
  const bound = (request.max_tokens ?? Number.POSITIVE_INFINITY) * charactersPerToken;
  const isCut = scripted === null && answerSchema(request) === null && whole.text.length > bound;
  const text = isCut ? whole.text.slice(0, bound) : whole.text;
  const finishReason = isCut ? "length" : whole.finishReason;
  return { id, model: request.model, text, finishReason, usage: usageOf(request, text) };
}

function usageOf(request: ChatRequestBody, text: string): Generation["usage"] {
  const prompt = estimateTokens(promptText(request)) + imageCount(request) * tokensPerImage;
  const completion = estimateTokens(text);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    cost: prompt * promptPrice + completion * completionPrice,
  };
}

/** The body of a plain answer. */
export function plainBody({ id, model, text, finishReason, usage }: Generation): Record<string, unknown> {
  return {
    id,
    object: "chat.completion",
    model,
    provider: "Fake",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: finishReason }],
    usage,
  };
}

const wordsPerPiece = 4;

/** The pieces of a streamed answer; the usage comes with the last. */
export function streamPieces(generation: Generation): Record<string, unknown>[] {
  const { id, model, text, finishReason, usage } = generation;
  const piece = (content: string, reason: string | null) => ({
    id,
    object: "chat.completion.chunk",
    model,
    provider: "Fake",
    choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: reason }],
  });
  const parts = text
    .match(new RegExp(`(?:\\S*\\s*){1,${wordsPerPiece}}`, "g"))
    ?.filter((part) => part !== "");
  const texts = (parts ?? []).map((part) => piece(part, null));
  return [...texts, piece("", finishReason), { ...piece("", null), choices: [], usage }];
}

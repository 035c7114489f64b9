import { finishReasonOf, type ReadAnswer, reportedUsage } from "./chat-completion.ts";
import type { ChatAnswer, ChatRequest, ChatUsage } from "./chat-model.ts";
import { estimatePromptTokens, estimateTokens } from "./estimate-tokens.ts";
import { type FaultKind, faultMeanings } from "./fault-kind.ts";
import { OpenRouterError } from "./openrouter-error.ts";
import { quote } from "./redact-key.ts";
import { type FaultOrigin, factsOf } from "./reported-fault.ts";

/**
 * The answer in what was read.
 * @throws OpenRouterError when the model failed, refused, or wrote nothing though it was not cut
 */
export function completedAnswer(
  read: ReadAnswer,
  origin: FaultOrigin,
  { request, model }: { request: ChatRequest; model: string },
): ChatAnswer {
  const usage = read.usage ? reportedUsage(read.usage) : estimatedUsage(read.text, request);
  const fault = (kind: FaultKind, message: string) =>
    new OpenRouterError({ ...faultMeanings[kind], message, usage, facts: factsOf(origin) });
  const finishReason = finishReasonOf(read.finishReason);
  if (read.refusal) throw fault("refused", `The model refused: ${quote(read.refusal, origin.apiKey)}`);
  if (read.finishReason === "error") throw fault("unavailable", `${origin.host} gave up without a reason.`);
  // It happens while a model starts up (OpenRouter's documentation), and passes.
  const isCut = finishReason === "length" || finishReason === "content_filter";
  if (read.text.trim() === "" && !isCut) throw fault("unavailable", `${origin.host} sent an empty answer.`);
  return { text: read.text, finishReason, model: read.model ?? model, usage };
}

/** The cost can't be estimated: it is none. */
function estimatedUsage(text: string, request: ChatRequest): ChatUsage {
  return { promptTokens: estimatePromptTokens(request), completionTokens: estimateTokens(text), cost: 0 };
}

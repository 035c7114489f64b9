import type { ChatUsage } from "../openrouter/chat-model.ts";

/** What calls to a model came to, as results have it. */
export type ModelUsage = { model: string; promptTokens: number; completionTokens: number; cost: number };

export function usageOf({ model, usage }: { model: string; usage: ChatUsage }): ModelUsage {
  return { model, ...usage };
}

/** The sum of several calls, under the name of the model that answered last. */
export function addUsage(one: ModelUsage | null, other: ModelUsage): ModelUsage {
  if (one === null) return other;
  return {
    model: other.model,
    promptTokens: one.promptTokens + other.promptTokens,
    completionTokens: one.completionTokens + other.completionTokens,
    cost: one.cost + other.cost,
  };
}

export { type BuiltInTaskOptions, builtInTasks } from "./built-in-tasks.ts";
export {
  type FakeOpenRouter,
  type FakeOpenRouterControl,
  type FakeOpenRouterOptions,
  type FaultName,
  faultNames,
  type LimitReport,
  type RequestRecord,
  startFakeOpenRouter,
} from "./fake-openrouter.ts";
export type {
  ChatAnswer,
  ChatModel,
  ChatPart,
  ChatRequest,
  ChatUsage,
  FinishReason,
} from "./openrouter/chat-model.ts";
export { contextTokensOf, defaultModel } from "./openrouter/default-model.ts";
export { estimateRequestTokens, estimateTokens } from "./openrouter/estimate-tokens.ts";
export { openRouterChat } from "./openrouter/openrouter-chat.ts";
export { openRouterCheck } from "./openrouter/openrouter-check.ts";
export { OpenRouterError } from "./openrouter/openrouter-error.ts";
export { classifyChatCall, openRouterService } from "./openrouter/openrouter-service.ts";
export {
  type OpenRouterSettings,
  openRouterBaseUrl,
  type PhaseLimits,
} from "./openrouter/openrouter-settings.ts";
export { toVerdict } from "./openrouter/to-verdict.ts";
export { PromptError } from "./prompts/prompt.ts";
export { builtInPromptsFolder, type PromptTexts, readPrompts } from "./prompts.ts";

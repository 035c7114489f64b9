import { parseRateLimit, type RateLimit } from "@workstream/core";
import {
  type BuiltInTaskOptions,
  type ChatModel,
  defaultModel,
  type OpenRouterSettings,
  openRouterChat,
  openRouterService,
  readPrompts,
} from "@workstream/tasks";
import { CliError } from "./cli-error.ts";
import type { Config } from "./config-schema.ts";

/** What is asked of OpenRouter and how, from the configuration. */
export function openRouterSettings(config: Config): OpenRouterSettings {
  return {
    apiKey: config.OPENROUTER_API_KEY ?? null,
    baseUrl: config.OPENROUTER_BASE_URL,
    model: config.OPENROUTER_MODEL ?? defaultModel,
    timeoutMs: config.OPENROUTER_TIMEOUT * 1000,
    limit: limitOf(config.OPENROUTER_RATE_LIMIT),
    tokenLimit: config.OPENROUTER_TOKEN_LIMIT === undefined ? null : limitOf(config.OPENROUTER_TOKEN_LIMIT),
    breaker: {
      failureThreshold: config.CIRCUIT_FAILURE_THRESHOLD,
      volumeThreshold: config.CIRCUIT_VOLUME_THRESHOLD,
      openMs: config.CIRCUIT_TIMEOUT * 1000,
    },
  };
}

/** The configuration was checked, so this is a limit. */
function limitOf(text: string): RateLimit {
  const limit = parseRateLimit(text);
  if (limit === null) throw new TypeError(`${text} is no limit.`);
  return limit;
}

/** @throws CliError (badUsage) for prompts that can't be used */
export function builtInTaskOptions(config: Config): BuiltInTaskOptions {
  const settings = openRouterSettings(config);
  const hasKey = settings.apiKey !== null;
  return {
    chat: hasKey ? chatModel(config, settings) : null,
    service: hasKey ? openRouterService(settings) : null,
    prompts: ownPrompts(config.PROMPTS_DIR ?? null),
    summarizeProvider: config.SUMMARIZE_PROVIDER,
    fallsBack: config.SUMMARIZE_FALLBACK,
    cachesResults: config.RESULT_CACHE_TTL > 0,
    cacheTtlMs: config.RESULT_CACHE_TTL * 1000,
  };
}

function chatModel({ OPENROUTER_CONTEXT_TOKENS }: Config, settings: OpenRouterSettings): ChatModel {
  const chat = openRouterChat(settings);
  return { ...chat, contextTokens: OPENROUTER_CONTEXT_TOKENS ?? chat.contextTokens };
}

function ownPrompts(folder: string | null): BuiltInTaskOptions["prompts"] {
  try {
    return readPrompts(folder);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CliError("badUsage", `PROMPTS_DIR: ${message}`, error);
  }
}

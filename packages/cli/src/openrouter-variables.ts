import { parseRateLimit } from "@workstream/core";
import { choice, decimal, flag, integer, optionalInteger, optionalText, text } from "./config-variable.ts";

/** Calls go to paths below it, and fetch takes no URL with a user. */
const baseUrl = {
  pattern: /^https?:\/\/[^\s@?#]+$/,
  isAllowed: (text: string) => URL.canParse(text),
  allowed: "a URL that begins with http:// or https://, with neither a user nor a query",
};
const rateLimit = { pattern: /\S/, isAllowed: (text: string) => parseRateLimit(text) !== null };

/** The settings of the one service that comes with the program, and of what is made with it. */
export const openRouterVariables = {
  OPENROUTER_API_KEY: optionalText({
    group: "OpenRouter",
    description: "The key for OpenRouter; without one no call leaves the machine.",
    pattern: /^[\x21-\x7e]+$/,
    allowed: "a key of printable characters without spaces",
    isSecret: true,
  }),
  OPENROUTER_BASE_URL: text({
    group: "OpenRouter",
    description: "Where OpenRouter's API is; any server with OpenAI's chat completions will do.",
    ...baseUrl,
    fallback: "https://openrouter.ai/api/v1",
  }),
  OPENROUTER_MODEL: optionalText({
    group: "OpenRouter",
    description:
      "The model that is asked, which should read images; without it a cheap one that does, google/gemini-3.1-flash-lite.",
    pattern: /^\S+$/,
    allowed: "a model's name, such as vendor/model",
  }),
  OPENROUTER_CONTEXT_TOKENS: optionalInteger({
    group: "OpenRouter",
    description:
      "How many tokens fit into the model's context, longer texts being summarized in parts; without it what is known of the model.",
    min: 2_000,
    max: 100_000_000,
  }),
  OPENROUTER_TIMEOUT: integer({
    group: "OpenRouter",
    description: "Seconds that one call may take.",
    fallback: 120,
    min: 1,
    max: 3600,
  }),
  OPENROUTER_RATE_LIMIT: text({
    group: "OpenRouter",
    description:
      "Calls per interval, for all workers together; `workstream service limit` changes it while they run.",
    ...rateLimit,
    allowed: "calls/interval, such as 230/10s, the interval in ms, s, m or h and at most a day",
    fallback: "230/10s",
  }),
  OPENROUTER_TOKEN_LIMIT: optionalText({
    group: "OpenRouter",
    description: "Tokens of the model per interval, for all workers together.",
    ...rateLimit,
    allowed: "tokens/interval, such as 100000/1m, the interval at most a day",
  }),
  CIRCUIT_FAILURE_THRESHOLD: decimal({
    group: "OpenRouter",
    description:
      "Share of failed calls, among those of a minute, at which the circuit breaker opens; 0: never.",
    fallback: 0.5,
    min: 0,
    max: 1,
  }),
  CIRCUIT_VOLUME_THRESHOLD: integer({
    group: "OpenRouter",
    description: "Calls that must have been made in that minute before it may open.",
    fallback: 10,
    min: 1,
    max: 1_000_000,
  }),
  CIRCUIT_TIMEOUT: integer({
    group: "OpenRouter",
    description: "Seconds that it stays open before it lets a few calls try.",
    fallback: 60,
    min: 1,
    max: 86_400,
  }),
  CREDIT_WARNING_THRESHOLD: decimal({
    group: "OpenRouter",
    description: "Balance, in US dollars, below which one warning is published.",
    fallback: 10,
    min: 0,
    max: 1_000_000,
  }),
  CREDIT_CRITICAL_THRESHOLD: decimal({
    group: "OpenRouter",
    description: "Balance below which another one is.",
    fallback: 5,
    min: 0,
    max: 1_000_000,
  }),

  SUMMARIZE_PROVIDER: choice(["auto", "model", "extractive"], {
    group: "Built-in tasks",
    description:
      "How texts are summarized: by a model, extractively in their own sentences, or by a model when there is a key (auto).",
    fallback: "auto",
  }),
  SUMMARIZE_FALLBACK: flag({
    group: "Built-in tasks",
    description:
      "Whether a text is summarized in its own sentences when the model is out for long; the result says so. Otherwise the task waits.",
    fallback: false,
  }),
  RESULT_CACHE_TTL: integer({
    group: "Built-in tasks",
    description: "Seconds for which the same text gets the same summary again, without a call; 0: never.",
    fallback: 0,
    min: 0,
    max: 2_592_000,
  }),
  PROMPTS_DIR: optionalText({
    group: "Built-in tasks",
    description:
      "A folder with prompts of your own, summarize.txt or pdfxtract.txt; one that is not there is taken from the program.",
    pattern: /\S/,
    allowed: "a path",
  }),
};

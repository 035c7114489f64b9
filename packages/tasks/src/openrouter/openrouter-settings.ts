import type { BreakerPolicy, RateLimit } from "@workstream/core";

export type OpenRouterSettings = {
  /** Null: no key is set, and nothing is sent. */
  apiKey: string | null;
  /** Of OpenRouter, or of any server with OpenAI's chat completions; no slash at its end is needed. */
  baseUrl: string;
  model: string;
  /** How long one call may take in all, at least 1 ms. */
  timeoutMs: number;
  limit: RateLimit;
  tokenLimit: RateLimit | null;
  breaker: Partial<BreakerPolicy>;
  /** Limits of a call's phases, where they differ from `defaultPhaseLimits`. */
  phaseLimits?: Partial<PhaseLimits>;
};

export type PhaseLimits = {
  /** Until the first byte of a stream; OpenRouter sends comments while a model warms up. A plain answer has all the time. */
  firstByteMs: number;
  /** Between two pieces of a stream, comments included. */
  idleMs: number;
};

/** The connection itself has 10 s, which is fetch's own limit. */
export const defaultPhaseLimits: PhaseLimits = { firstByteMs: 60_000, idleMs: 30_000 };

export const openRouterBaseUrl = "https://openrouter.ai/api/v1";

/** `path` below the base URL, which may end with a slash. */
export function endpoint({ baseUrl }: Pick<OpenRouterSettings, "baseUrl">, path: string): string {
  return `${baseUrl.replace(/\/+$/, "")}/${path}`;
}

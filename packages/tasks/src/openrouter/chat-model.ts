/** What tasks ask of a language model, whoever serves it. */
export interface ChatModel {
  /** Its name: part of cache keys and of results. */
  readonly model: string;
  /** How many tokens fit, prompt and answer together. */
  readonly contextTokens: number;

  /**
   * One call, with no retry and no guard inside. With `onText` the answer is streamed, and the deltas make up its text.
   * @throws OpenRouterError for whatever the service does wrong or refuses · `signal.reason` when it is aborted
   */
  complete(
    request: ChatRequest,
    options: { signal: AbortSignal; onText?: (delta: string) => void },
  ): Promise<ChatAnswer>;
}

export type ChatPart =
  | { kind: "text"; text: string }
  | { kind: "image"; mimeType: "image/png" | "image/jpeg"; bytes: Uint8Array };

export type ChatRequest = {
  system: string;
  content: readonly ChatPart[];
  /** Bound of the answer, at least 1. */
  maxTokens: number;
  /** The answer is JSON by this JSON Schema, as far as the model keeps to it (strict). Absent: text. */
  schema?: { name: string; jsonSchema: Record<string, unknown> };
};

/** `length`: cut at `maxTokens`. `content_filter`: a filter cut it; the text may be empty or end anywhere. */
export type FinishReason = "stop" | "length" | "content_filter" | "other";

export type ChatUsage = {
  promptTokens: number;
  completionTokens: number;
  /** Credits of the service, in US dollars; 0 where it names none. */
  cost: number;
};

export type ChatAnswer = {
  text: string;
  finishReason: FinishReason;
  /** The model that answered; a router may have chosen another one than was asked. */
  model: string;
  /** As told by the service; estimated where it is silent. */
  usage: ChatUsage;
};

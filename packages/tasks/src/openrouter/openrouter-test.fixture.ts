import { type FakeOpenRouterControl, startFakeOpenRouter } from "../fake-openrouter.ts";
import type { ChatAnswer, ChatRequest } from "./chat-model.ts";
import { openRouterChat } from "./openrouter-chat.ts";
import { OpenRouterError } from "./openrouter-error.ts";
import type { OpenRouterSettings } from "./openrouter-settings.ts";

export const testKey = "sk-or-v1-0123456789abcdef";

export const text =
  "The river rose for nine days. On the tenth the old bridge was closed. Work begins in spring.";

export const textRequest: ChatRequest = {
  system: "You write summaries.",
  content: [{ kind: "text", text }],
  maxTokens: 500,
};

export function settingsFor(baseUrl: string, changes: Partial<OpenRouterSettings> = {}): OpenRouterSettings {
  return {
    apiKey: testKey,
    baseUrl,
    model: "test/model",
    timeoutMs: 20_000,
    limit: { requests: 230, intervalMs: 10_000 },
    tokenLimit: null,
    breaker: {},
    ...changes,
  };
}

/** A fake of its own for each test file, and calls against it. */
export async function openFake() {
  const fake = await startFakeOpenRouter();
  const settings = (changes: Partial<OpenRouterSettings> = {}) => settingsFor(fake.baseUrl, changes);

  /** Tells the fake this and nothing else. */
  function tell(control: FakeOpenRouterControl): void {
    fake.control({ clear: true, tellsUsage: true, latencyMs: 0, balance: 100, ...control });
  }

  function ask(changes: Partial<OpenRouterSettings> = {}, request = textRequest): Promise<ChatAnswer> {
    return openRouterChat(settings(changes)).complete(request, { signal: new AbortController().signal });
  }

  /** Streams; the deltas stand beside the answer. */
  async function askStreaming(changes: Partial<OpenRouterSettings> = {}) {
    const deltas: string[] = [];
    const answer = await openRouterChat(settings(changes)).complete(textRequest, {
      signal: new AbortController().signal,
      onText: (delta) => deltas.push(delta),
    });
    return { answer, deltas };
  }

  return { fake, settings, tell, ask, askStreaming };
}

/** The error with which a call fails. */
export async function faultOf(call: Promise<unknown>): Promise<OpenRouterError> {
  const error = await call.then(
    () => new Error("The call brought an answer."),
    (thrown: unknown) => thrown,
  );
  if (error instanceof OpenRouterError) return error;
  throw error;
}

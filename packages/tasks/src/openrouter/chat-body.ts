import type { ChatPart, ChatRequest } from "./chat-model.ts";
import type { OpenRouterSettings } from "./openrouter-settings.ts";

/** These refuse a request with a field that they don't know, and `provider` is OpenRouter's own. */
const strictHosts = /(^|\.)(openai\.com|openai\.azure\.com|mistral\.ai)$/;
/** OpenAI's newer models refuse `max_tokens`; the others that it still serves know the new name too. */
const openAiHosts = /(^|\.)(openai\.com|openai\.azure\.com)$/;

/** The JSON body of `POST /chat/completions`. */
export function chatBody(
  { model, baseUrl }: Pick<OpenRouterSettings, "model" | "baseUrl">,
  request: ChatRequest,
  isStream: boolean,
): Record<string, unknown> {
  const { hostname } = new URL(baseUrl);
  const knowsProviders = !strictHosts.test(hostname);
  const bound = openAiHosts.test(hostname) ? "max_completion_tokens" : "max_tokens";
  return {
    model,
    messages: [
      { role: "system", content: request.system },
      { role: "user", content: request.content.map(contentPart) },
    ],
    [bound]: request.maxTokens,
    // Without it OpenAI-compatible servers leave the usage out of a stream.
    ...(isStream && { stream: true, stream_options: { include_usage: true } }),
    ...(request.schema && { response_format: jsonSchemaFormat(request.schema) }),
    // Otherwise OpenRouter may choose a provider that ignores the schema.
    ...(request.schema && knowsProviders && { provider: { require_parameters: true } }),
  };
}

function jsonSchemaFormat({ name, jsonSchema }: NonNullable<ChatRequest["schema"]>) {
  return { type: "json_schema", json_schema: { name, strict: true, schema: jsonSchema } };
}

function contentPart(part: ChatPart): Record<string, unknown> {
  if (part.kind === "text") return { type: "text", text: part.text };
  const { buffer, byteOffset, byteLength } = part.bytes;
  const base64 = Buffer.from(buffer, byteOffset, byteLength).toString("base64");
  return { type: "image_url", image_url: { url: `data:${part.mimeType};base64,${base64}` } };
}

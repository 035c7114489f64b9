import { describe, expect, it } from "vitest";
import { chatBody } from "./chat-body.ts";
import type { ChatRequest } from "./chat-model.ts";

const openRouter = { model: "a/b", baseUrl: "https://openrouter.ai/api/v1" };
const page: ChatRequest = {
  system: "Read.",
  content: [
    { kind: "text", text: "A page" },
    { kind: "image", mimeType: "image/png", bytes: new Uint8Array([9, 1, 2, 3]).subarray(1) },
  ],
  maxTokens: 300,
  schema: { name: "page", jsonSchema: { type: "object" } },
};

describe("chatBody", () => {
  it("sends images as data URLs, after the text", () => {
    expect(chatBody(openRouter, page, false)).toMatchObject({
      model: "a/b",
      max_tokens: 300,
      messages: [
        { role: "system", content: "Read." },
        {
          role: "user",
          content: [
            { type: "text", text: "A page" },
            { type: "image_url", image_url: { url: "data:image/png;base64,AQID" } },
          ],
        },
      ],
    });
  });

  it("asks for the schema strictly, and for a provider that keeps to it", () => {
    expect(chatBody(openRouter, page, false)).toMatchObject({
      response_format: {
        type: "json_schema",
        json_schema: { name: "page", strict: true, schema: { type: "object" } },
      },
      provider: { require_parameters: true },
    });
  });

  it("leaves OpenRouter's own field out where it would be refused", () => {
    const body = chatBody({ ...openRouter, baseUrl: "https://api.openai.com/v1" }, page, false);
    expect(body).not.toHaveProperty("provider");
    expect(body).toHaveProperty("response_format");
  });

  it.each([
    ["https://api.openai.com/v1", "max_completion_tokens"],
    ["https://mine.openai.azure.com/openai/v1", "max_completion_tokens"],
    ["https://openrouter.ai/api/v1", "max_tokens"],
    ["https://api.mistral.ai/v1", "max_tokens"],
    ["http://127.0.0.1:11434/v1", "max_tokens"],
  ])("bounds the answer at %s by %s", (baseUrl, field) => {
    const body = chatBody({ ...openRouter, baseUrl }, page, false);
    expect(Object.entries(body).filter(([name]) => name.startsWith("max_"))).toEqual([[field, 300]]);
  });

  it("asks for the usage of a stream, and for nothing that was not asked", () => {
    const { schema: _, ...text } = page;
    expect(chatBody(openRouter, text, true)).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(Object.keys(chatBody(openRouter, text, false)).sort()).toEqual([
      "max_tokens",
      "messages",
      "model",
    ]);
  });
});

import { expect, it } from "vitest";
import type { ChatModel } from "../openrouter/chat-model.ts";
import { buildPdf } from "./pdf-fixture.ts";
import { readPdfByModel } from "./read-pdf-by-model.ts";

const scan = buildPdf([{ texts: [], images: [{ x: 50, y: 80, width: 400, height: 500 }] }]);
const answer = JSON.stringify({ issue_date: null, articles: [] });

it("reuses pages that were read by the same model with the same prompt alone", async () => {
  const remembered = new Map<string, unknown>();
  let asked = 0;
  const read = (model: string, words: string) => {
    const usage = { promptTokens: 1, completionTokens: 1, cost: 0 };
    const chat: ChatModel = {
      model,
      contextTokens: 100_000,
      complete: () => Promise.reject(new Error("no")),
    };
    const ask = async () => {
      asked += 1;
      return { text: answer, finishReason: "stop" as const, model, usage };
    };
    const context = {
      ...{ signal: new AbortController().signal, retriesLeft: 1, progress() {} },
      async step<T>(name: string, run: () => Promise<T>): Promise<T> {
        if (!remembered.has(name)) remembered.set(name, await run());
        return remembered.get(name) as T;
      },
    };
    const prompt = ({ page, pages }: Record<string, string>) => `${words} ${page} of ${pages}`;
    const parts = { chat, ask, prompt, context };
    return readPdfByModel(parts, { bytes: scan, filename: "scan.pdf", issueDate: undefined });
  };
  for (const [model, words] of [
    ["one", "Read page"],
    ["one", "Read page"],
    ["one", "Read with care page"],
    ["two", "Read page"],
  ] as const)
    await read(model, words);
  expect(asked).toBe(3);
});

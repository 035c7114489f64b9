import { describe, expect, it } from "vitest";
import { type BuiltInTaskOptions, builtInTasks } from "./built-in-tasks.ts";
import { openRouterChat } from "./openrouter/openrouter-chat.ts";
import { openRouterService } from "./openrouter/openrouter-service.ts";
import type { OpenRouterSettings } from "./openrouter/openrouter-settings.ts";
import { readPrompts } from "./prompts.ts";

const settings: OpenRouterSettings = {
  apiKey: "sk-test",
  baseUrl: "http://127.0.0.1:9",
  model: "scripted/one",
  timeoutMs: 1_000,
  limit: { requests: 230, intervalMs: 10_000 },
  tokenLimit: null,
  breaker: {},
};

function tasks(differences: Partial<BuiltInTaskOptions> = {}) {
  const [summarize, pdfxtract] = builtInTasks({
    chat: openRouterChat(settings),
    service: openRouterService(settings),
    prompts: readPrompts(null),
    summarizeProvider: "auto",
    fallsBack: false,
    cachesResults: false,
    ...differences,
  });
  if (!summarize || !pdfxtract) throw new Error("There are two built-in tasks.");
  return { summarize, pdfxtract };
}

const servicesOf = (task: { services: readonly { name: string }[] }) => task.services.map(({ name }) => name);

describe("builtInTasks", () => {
  it("needs no service without a key", () => {
    for (const task of builtInTasks()) expect(servicesOf(task)).toEqual([]);
  });

  it("uses the model for both when there is one, or for what is chosen", () => {
    const auto = tasks();
    expect([servicesOf(auto.summarize), servicesOf(auto.pdfxtract)]).toEqual([
      ["openrouter"],
      ["openrouter"],
    ]);
    const extractive = tasks({ summarizeProvider: "extractive" });
    expect([servicesOf(extractive.summarize), servicesOf(extractive.pdfxtract)]).toEqual([
      [],
      ["openrouter"],
    ]);
  });

  it("refuses a choice that can't be had", () => {
    expect(() => tasks({ summarizeProvider: "model", chat: null, service: null })).toThrow(
      "Summaries by a model need one: set a key, or let the provider be auto.",
    );
    expect(() => tasks({ service: null })).toThrow("A model needs the service");
  });

  it("refuses a prompt that does not do, but only where it is used", () => {
    const prompts = { ...readPrompts(null), summarize: "Sum up." };
    expect(() => tasks({ prompts })).toThrow("The prompt summarize.txt lacks {{source}}");
    expect(() => tasks({ prompts, summarizeProvider: "extractive" })).not.toThrow();
  });

  it("caches summaries by all that they depend on", () => {
    const keyOf = (text: string, differences: Partial<BuiltInTaskOptions> = {}) =>
      tasks({ cachesResults: true, ...differences }).summarize.cache?.key?.(text);
    const key = keyOf("A text.");
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(keyOf("A text.")).toBe(key);
    const others = [
      keyOf("Another text."),
      keyOf("A text.", { chat: openRouterChat({ ...settings, model: "scripted/two" }) }),
      keyOf("A text.", { prompts: { ...readPrompts(null), summarize: "{{source}} {{language}} {{words}}" } }),
      keyOf("A text.", { summarizeProvider: "extractive" }),
    ];
    expect(new Set([key, ...others]).size).toBe(5);
    expect(tasks().summarize.cache).toBeNull();
  });
});

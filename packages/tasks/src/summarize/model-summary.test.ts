import { describe, expect, it } from "vitest";
import { type Line, scriptedModel, textOf } from "../model/scripted-model.fixture.ts";
import type { ChatRequest } from "../openrouter/chat-model.ts";
import { estimateRequestTokens } from "../openrouter/estimate-tokens.ts";
import { summarizeByModel } from "./model-summary.ts";

const sentence = (index: number) =>
  `In chapter ${index} the council of the harbour town buys ferry number ${index}.`;
const book = Array.from({ length: 1_500 }, (_, index) => sentence(index)).join(" ");
const short =
  "The council of the harbour town buys a ferry, and then another one, and at last a whole fleet.";

/** A task's memory over its attempts. */
class Memory {
  readonly steps = new Map<string, string>();
  readonly progress: unknown[] = [];
  said = "";

  context() {
    return {
      step: async <T>(name: string, run: () => Promise<T>): Promise<T> => {
        const known = this.steps.get(name);
        if (known !== undefined) return JSON.parse(known) as T;
        const value = await run();
        this.steps.set(name, JSON.stringify(value));
        return value;
      },
      output: (text: string) => {
        this.said += text;
      },
      restartOutput: () => {
        this.said = "";
      },
      progress: (value: unknown) => this.progress.push(value),
    };
  }
}

type Setting = { contextTokens?: number; memory?: Memory; prompt?: string };

async function summarize(
  text: string,
  say: (request: ChatRequest) => Line,
  { contextTokens = 8_000, memory = new Memory(), prompt = "Sum up" }: Setting = {},
) {
  const model = scriptedModel(say);
  const outcome = await summarizeByModel(
    {
      chat: { model: "scripted/one", contextTokens },
      ask: model.ask,
      prompt: ({ source }) => `${prompt}: ${source}`,
      context: memory.context(),
    },
    { text, language: "en" },
  ).then(
    (summary) => ({ summary, error: null }),
    (error: Error) => ({ summary: null, error }),
  );
  return { ...outcome, requests: model.requests, memory };
}

const isPart = ({ system }: ChatRequest) =>
  system.includes("of a longer text") && !system.includes("summaries");
const partOf = ({ system }: ChatRequest) => Number(/part (\d+)/.exec(system)?.[1]);

describe("summarizeByModel", () => {
  it("asks once for a text that fits", async () => {
    const { summary, requests, memory } = await summarize(short, () => "A ferry is bought.");
    expect(requests.map((request) => request.system)).toEqual(["Sum up: a text"]);
    expect(summary).toMatchObject({ text: "A ferry is bought.", partCount: 1, usage: { cost: 0.01 } });
    expect(memory.said).toBe("A ferry is bought.");
    expect([...memory.steps.keys(), ...memory.progress]).toEqual([]);
  });

  it("summarizes a long text in parts, then their summaries, and streams only that", async () => {
    const { summary, requests, memory } = await summarize(book, (request) =>
      isPart(request) ? `Summary of part ${partOf(request)}.` : "The summary.",
    );
    const parts = requests.filter(isPart);
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.map(textOf).join(" ")).toBe(book);
    for (const request of requests) expect(estimateRequestTokens(request)).toBeLessThanOrEqual(8_000);
    expect(requests.filter((request) => !isPart(request)).map(textOf)).toEqual([
      parts.map((_, index) => `Summary of part ${index + 1}.`).join("\n\n"),
    ]);
    expect(summary).toMatchObject({ text: "The summary.", partCount: parts.length });
    expect(summary?.usage.promptTokens).toBe(10 * requests.length);
    expect(memory.said).toBe("The summary.");
    expect(memory.progress.at(-1)).toEqual({ parts_done: parts.length, parts_total: parts.length });
  });

  it("goes through as many levels as it takes", async () => {
    const long = Array.from({ length: 60 }, (_, index) => sentence(index)).join(" ");
    const { summary, requests } = await summarize(
      book,
      (request) => (isPart(request) && textOf(request).length > 6_000 ? long : "Short."),
      { contextTokens: 4_000 },
    );
    expect(summary?.text).toBe("Short.");
    const levels = requests.filter((request) => isPart(request) && partOf(request) === 1);
    expect(levels.length).toBeGreaterThan(1);
  });

  it("gives up when the summaries do not get shorter", async () => {
    const { error, requests } = await summarize(book.slice(0, 40_000), textOf, { contextTokens: 4_000 });
    expect(error?.message).toBe("The summaries of the text's parts do not get any shorter.");
    expect(requests.length).toBeLessThan(100);
  });

  it("asks only for the missing parts after a fault", async () => {
    const memory = new Memory();
    const say = (request: ChatRequest, faulty: number): Line =>
      isPart(request) && partOf(request) === faulty ? new Error("down") : `Summary of ${partOf(request)}.`;
    const first = await summarize(book, (request) => say(request, 2), { memory });
    expect(first.error?.message).toBe("down");
    const done = first.requests
      .filter(isPart)
      .map(partOf)
      .filter((part) => part !== 2);
    const second = await summarize(book, (request) => say(request, 0), { memory });
    const total = second.summary?.partCount ?? 0;
    const missing = Array.from({ length: total }, (_, index) => index + 1).filter(
      (part) => !done.includes(part),
    );
    expect(missing.length).toBeLessThan(total);
    expect(
      second.requests
        .filter(isPart)
        .map(partOf)
        .sort((one, other) => one - other),
    ).toEqual(missing);
    expect(second.summary?.usage.promptTokens).toBe(10 * (total + 1));
  });

  it("does not reuse what another prompt brought", async () => {
    const memory = new Memory();
    const answer = (request: ChatRequest) => (isPart(request) ? "A part." : new Error("down"));
    const first = await summarize(book, answer, { memory });
    const second = await summarize(book, () => "Fine.", { memory, prompt: "Another" });
    expect(second.requests.filter(isPart)).toHaveLength(first.requests.filter(isPart).length);
  });
});

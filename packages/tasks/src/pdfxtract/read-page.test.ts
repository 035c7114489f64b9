import { describe, expect, it } from "vitest";
import { type Line, scriptedModel } from "../model/scripted-model.fixture.ts";
import { type Fault, OpenRouterError } from "../openrouter/openrouter-error.ts";
import type { DrawnPage } from "./paged-pdf.ts";
import { type PageSource, readPage } from "./read-page.ts";

const article = {
  title: " Storm due ",
  subtitle: "",
  author: "",
  body: "Gusts.",
  topics: ["storm"],
  summary: "",
};
const good = JSON.stringify({ issue_date: "2024-03-12", articles: [article] });
const shown: DrawnPage = { kind: "shown", png: new Uint8Array([1, 2, 3]) };

type Setting = { drawn?: DrawnPage; source?: Partial<PageSource>; contextTokens?: number };

async function read(lines: Line[], { drawn = shown, source = {}, contextTokens = 32_768 }: Setting = {}) {
  const model = scriptedModel((_request, number) => lines[number - 1] ?? new Error("asked too often"));
  const reading = await readPage(
    {
      chat: { contextTokens },
      ask: model.ask,
      prompt: ({ page, pages }) => `Page ${page} of ${pages}`,
      draw: async () => drawn,
    },
    { number: 2, pageCount: 3, text: "Storm due", ...source },
  );
  return { ...reading, requests: model.requests };
}

function fault(differences: Partial<Fault>): OpenRouterError {
  return new OpenRouterError({
    message: "refused",
    errorType: "PermanentError",
    state: "active",
    isServiceFault: false,
    ...differences,
  });
}

describe("readPage", () => {
  it("sends picture and text together, and reads the answer", async () => {
    const { page, issueDate, usage, requests } = await read([good]);
    expect(page).toEqual({
      page_number: 2,
      status: "processed",
      reason: "",
      articles: [{ ...article, title: "Storm due" }],
    });
    expect([issueDate, usage?.cost]).toEqual(["2024-03-12", 0.01]);
    expect(requests).toMatchObject([
      {
        system: "Page 2 of 3",
        content: [
          { kind: "text", text: "<text_layer>\nStorm due\n</text_layer>" },
          { kind: "image", mimeType: "image/png", bytes: shown.png },
        ],
        schema: { name: "page" },
      },
    ]);
  });

  it("sends the picture alone where there is no text", async () => {
    const { requests } = await read([good], { source: { text: "" } });
    expect(requests[0]?.content).toMatchObject([{ kind: "image" }]);
  });

  it("asks again, once, after an answer that can't be used, and says why", async () => {
    const { page, usage, requests } = await read(["{ broken", good]);
    expect(page.status).toBe("processed");
    expect(usage).toMatchObject({ promptTokens: 20, cost: 0.02 });
    expect(requests[1]?.system).toBe(
      "Page 2 of 3\n\nYour last answer can't be used: it is not JSON. Answer again, with the JSON alone.",
    );
  });

  it.each<[string, Line[], number]>([
    ["the model's answer was invalid twice: it is not JSON", ["{ broken", "no"], 2],
    [
      "page too large: the model's answer was cut off",
      [{ text: good.slice(0, 40), finishReason: "length" }],
      1,
    ],
    [
      "a content filter of scripted/one holds the page back",
      [{ text: "", finishReason: "content_filter" }],
      1,
    ],
    [
      "a content filter of scripted/one holds the page back",
      ["{ broken", { text: "", finishReason: "content_filter" }],
      2,
    ],
    ["no article on this page", ['{"issue_date": null, "articles": []}'], 1],
    ["refused", [fault({})], 1],
    ["refused", [fault({ errorType: "ValidationError" })], 1],
  ])("skips the page: %s", async (reason, lines, asked) => {
    const { page, requests } = await read(lines);
    expect(page).toEqual({ page_number: 2, status: "skipped", reason, articles: [] });
    expect(requests).toHaveLength(asked);
  });

  it.each<[string, Line]>([
    ["a service that is down", fault({ errorType: "ServiceUnavailable", state: "service_unavailable" })],
    ["a wrong key", fault({ errorType: "ServiceUnavailable", state: "api_key_invalid" })],
    ["no credits", fault({ errorType: "InsufficientCredits", state: "credits_exhausted" })],
    ["a model that is not there", fault({ state: "error" })],
    ["what may pass", fault({ errorType: "ServiceUnavailable" })],
    ["a park", new Error("parked")],
  ])("does not skip the page for %s", async (_name, error) => {
    await expect(read([error])).rejects.toBe(error);
  });

  it.each<[string, Setting]>([
    ["blank page", { drawn: { kind: "blank" }, source: { text: "" } }],
    ["damaged page", { drawn: { kind: "damaged" } }],
    [
      "page too large: it takes too long",
      { drawn: { kind: "failed", reason: "page too large: it takes too long" } },
    ],
    [
      "page too large: its text does not fit into the model's context",
      { source: { text: "word ".repeat(30_000) } },
    ],
  ])("skips the page without asking: %s", async (reason, setting) => {
    const { page, usage, requests } = await read([], setting);
    expect([page.status, page.reason, usage, requests]).toEqual(["skipped", reason, null, []]);
  });

  it("asks about text that shows nowhere", async () => {
    const { page, requests } = await read([good], { drawn: { kind: "blank" } });
    expect(page.status).toBe("processed");
    expect(requests[0]?.content).toMatchObject([{ kind: "text" }]);
  });

  it.each(["12 March 2024", "2024-13-01", ""])("takes %j for no date", async (date) => {
    const { issueDate } = await read([JSON.stringify({ issue_date: date, articles: [article] })]);
    expect(issueDate).toBeNull();
  });

  it("drops articles with nothing in them", async () => {
    const empty = { ...article, title: "  ", body: "", topics: [" "] };
    const { page } = await read([JSON.stringify({ issue_date: null, articles: [empty, article] })]);
    expect(page.articles).toHaveLength(1);
  });
});

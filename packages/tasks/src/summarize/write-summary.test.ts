import { describe, expect, it } from "vitest";
import { type Line, scriptedModel } from "../model/scripted-model.fixture.ts";
import { type Source, writeSummary } from "./write-summary.ts";

const english =
  "The harbour council voted on Monday to buy a second ferry, and the debt of the town will rise to nine million.";
const german =
  "Der Hafenrat hat am Montag beschlossen, eine zweite Fähre zu kaufen, und die Schulden der Stadt werden steigen.";

const source: Source = { text: english, description: "a text", language: "en", words: 60 };

async function write(lines: Line[], from: Partial<Source> = {}) {
  const model = scriptedModel((_request, number) => lines[number - 1] ?? new Error("asked too often"));
  const said: string[] = [];
  const stream = { onText: (delta: string) => said.push(delta), onRestart: () => said.push("|") };
  const writing = {
    ask: model.ask,
    prompt: (values: Record<string, string>) => `${values.source} / ${values.language} / ${values.words}`,
    maxTokens: (words: number) => words * 10,
    stream,
  };
  const outcome = await writeSummary(writing, { ...source, ...from }).then(
    (summary) => ({ summary }),
    (error: Error) => ({ error }),
  );
  return { ...outcome, requests: model.requests, said: said.join("") };
}

const usage = (calls: number) => ({
  model: "scripted/one",
  promptTokens: 10 * calls,
  completionTokens: 5 * calls,
  cost: 0.01 * calls,
});

describe("writeSummary", () => {
  it("asks once for what is well, naming the language, and streams it", async () => {
    const result = await write([` ${english}\n`]);
    expect(result).toMatchObject({ summary: { text: english, isTruncated: false, usage: usage(1) } });
    expect(result.requests).toEqual([
      {
        system: "a text / the language of the source, which seems to be English / 60",
        content: [{ kind: "text", text: english }],
        maxTokens: 600,
      },
    ]);
    expect(result.said).toBe(` ${english}\n`);
  });

  it("asks again, once, for another language than the source's, and begins the stream anew", async () => {
    const result = await write([german, english]);
    expect(result).toMatchObject({ summary: { text: english, usage: usage(2) } });
    expect(result.requests[1]?.system).toMatch(/Your last answer was in German\. Write in English\.$/);
    expect(result.said).toBe(`${german}|${english}`);
  });

  it("takes the second answer in whatever language", async () => {
    expect(await write([german, german])).toMatchObject({ summary: { text: german } });
  });

  it.each([
    ["the source's language is not known", german, { language: "und" }],
    ["the answer is too short to tell", "Die Fähre kommt.", {}],
  ])("leaves the language alone when %s", async (_name, answer, from) => {
    const { requests } = await write([answer], from);
    expect(requests).toHaveLength(1);
  });

  it("asks for a shorter one, once, when the answer was cut off", async () => {
    const result = await write([{ text: english.slice(0, 50), finishReason: "length" }, english]);
    expect(result).toMatchObject({ summary: { text: english, isTruncated: false, usage: usage(2) } });
    expect(result.requests[1]?.system).toMatch(
      / 30\n\nYour last answer was cut off\. Write 30 words at most\.$/,
    );
  });

  it("keeps the whole sentences of an answer that is cut off again, and says so", async () => {
    const cut = { text: `${english} The shipyard on the main`, finishReason: "length" } as const;
    expect(await write([cut, cut])).toMatchObject({ summary: { text: english, isTruncated: true } });
  });

  it("fails for good when a filter holds the answer back", async () => {
    const { error } = await write([{ text: "The har", finishReason: "content_filter" }]).then((result) => ({
      error: "error" in result ? result.error : null,
    }));
    expect(error?.message).toBe("A content filter of scripted/one holds the summary back.");
    expect(error).toMatchObject({ [Symbol.for("workstream.verdict")]: { errorType: "PermanentError" } });
  });

  it("fails this attempt when there is no answer in the answer", async () => {
    const empty = { text: " ", finishReason: "length" } as const;
    const result = await write([empty, empty]);
    expect("error" in result && result.error.message).toBe(
      "scripted/one answered with no summary: its tokens ran out before it began.",
    );
  });

  it("passes on what goes wrong with the call", async () => {
    const fault = new Error("The service is down.");
    expect(await write([fault])).toMatchObject({ error: fault });
  });
});

import { describe, expect, it } from "vitest";
import { pageAnswerSchema, parsePageAnswer } from "./page-answer.ts";

const article = {
  title: "Storm, due",
  subtitle: "",
  author: "",
  body: 'She said "come, ]" twice.',
  topics: ["storm"],
  summary: "",
};
const answer = { issue_date: null, articles: [article] };
const json = JSON.stringify(answer);

describe("parsePageAnswer", () => {
  it.each([
    ["JSON as it should be", json],
    ["JSON in a code fence", `\`\`\`json\n${JSON.stringify(answer, null, 2)}\n\`\`\``],
    ["JSON with a preamble and an afterword", `Here is the page:\n${json}\nI hope this helps.`],
    ["JSON with trailing commas", json.replace('"storm"]', '"storm" , \n]').replace(/\}\]\}$/, "},\n],\n}")],
  ])("reads %s", (_name, text) => {
    expect(parsePageAnswer(text)).toEqual({ isValid: true, answer });
  });

  it("reads line breaks within strings, which JSON would have escaped", () => {
    const text = json.replace("twice.", "twice.\n\nThen she\tleft.");
    const parsed = parsePageAnswer(text);
    expect(parsed.isValid && parsed.answer.articles[0]?.body).toBe(
      `${article.body.replace("twice.", "twice.\n\nThen she\tleft.")}`,
    );
  });

  it.each([
    ["it is not JSON", ""],
    ["it is not JSON", "I can't read this page."],
    ["it is not JSON", json.slice(0, -20)],
    ["articles: Invalid input: expected array, received undefined", '{"issue_date": null}'],
    [
      "articles.0.topics: Invalid input: expected array, received string",
      json.replace('["storm"]', '"storm"'),
    ],
  ])("says that %s", (problem, text) => {
    expect(parsePageAnswer(text)).toEqual({ isValid: false, problem });
  });
});

it("asks for every field and no other, at every level, as strict structured output wants it", () => {
  const seen: string[] = [];
  const check = (schema: unknown): void => {
    if (typeof schema !== "object" || schema === null) return;
    const { properties, required, additionalProperties } = schema as Record<string, unknown>;
    if (properties) {
      const names = Object.keys(properties as object);
      seen.push(...names);
      expect(required).toEqual(names);
      expect(additionalProperties).toBe(false);
    }
    for (const part of Object.values(schema)) check(part);
  };
  check(pageAnswerSchema.jsonSchema);
  expect(seen).toEqual(expect.arrayContaining(["issue_date", "articles", "body", "topics"]));
  expect(pageAnswerSchema.jsonSchema).not.toHaveProperty("$schema");
});

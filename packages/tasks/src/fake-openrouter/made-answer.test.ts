import { describe, expect, it } from "vitest";
import { z } from "zod";
import { chatRequestSchema } from "./chat-request.ts";
import { madeAnswer } from "./made-answer.ts";

function answerTo(text: string, schema?: z.ZodType): string {
  const format = schema && {
    type: "json_schema",
    json_schema: { name: "x", strict: true, schema: z.toJSONSchema(schema) },
  };
  const messages = [
    { role: "system", content: "You do as you are told." },
    {
      role: "user",
      content: [
        { type: "text", text },
        { type: "image_url", image_url: { url: "data:," } },
      ],
    },
  ];
  return madeAnswer(chatRequestSchema.parse({ model: "a/b", messages, response_format: format }));
}

const story =
  "Neun Tage stieg der Fluss. Die Brücke wurde gesperrt. Im Frühling beginnt der Bau. Er dauert lang.";

describe("a made summary", () => {
  it("is in sentences of the text, and always the same", () => {
    const summary = answerTo(story);
    expect(summary).toContain("Neun Tage stieg der Fluss.");
    expect(summary.length).toBeLessThan(story.length);
    expect(answerTo(story)).toBe(summary);
    expect(answerTo("河水上涨九天。旧桥关闭。春天开工。")).toMatch(/^河水上涨九天。/);
  });

  it("is made of the material alone, where it is set off", () => {
    expect(answerTo(`Summarize in German, please.\n<text>\n${story}\n</text>`)).toMatch(/^Neun Tage/);
  });
});

describe("a made object", () => {
  it("keeps to its schema", () => {
    const schema = z.object({
      name: z.string().min(3).max(60),
      kind: z.enum(["a", "b"]),
      count: z.int().min(7),
      ratio: z.number().min(0).max(1),
      isTrue: z.boolean(),
      date: z.iso.date(),
      tags: z.array(z.string()).min(2),
      inner: z.object({ fixed: z.literal("yes") }),
      maybe: z.string().nullable(),
      either: z.union([z.object({ left: z.int() }), z.object({ right: z.int() })]),
    });
    expect(schema.safeParse(JSON.parse(answerTo(story, schema))).error).toBeUndefined();
  });

  it("holds the articles of a page, in its own words", () => {
    const schema = z.object({
      articles: z.array(
        z.object({ title: z.string(), author: z.string(), body: z.string(), topics: z.array(z.string()) }),
      ),
      issue_date: z.iso.date().nullable(),
    });
    const page =
      "River rises\r\n\r\nIt rained for nine days.\r\nThe bridge was closed.\r\n\r\nBuilding\r\n\r\nWork begins.";
    expect(schema.parse(JSON.parse(answerTo(page, schema)))).toEqual({
      articles: [
        {
          title: "River rises",
          author: "",
          body: "It rained for nine days.\nThe bridge was closed.",
          topics: [],
        },
        { title: "Building", author: "", body: "Work begins.", topics: [] },
      ],
      issue_date: null,
    });
  });
});

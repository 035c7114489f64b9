import { describe, expect, it } from "vitest";
import { countWords } from "./lexicon.ts";
import { plainLines } from "./markup.ts";
import { proseParagraphs } from "./paragraphs.ts";

const paragraphs = (text: string): string[] =>
  proseParagraphs(plainLines(text), countWords(text)).map((paragraph) => paragraph.text);

const prose = "The ferry crosses the lake twice a day.";

describe("proseParagraphs", () => {
  it("joins wrapped lines and keeps paragraphs apart", () => {
    const text =
      "The ferry crosses the lake twice a day, and in the winter\nit stops. Nobody minds.\n\nThe bridge is new.";
    expect(paragraphs(text)).toEqual([
      "The ferry crosses the lake twice a day, and in the winter it stops. Nobody minds.",
      "The bridge is new.",
    ]);
  });

  it("takes a line that ends early for a heading or a paragraph's end", () => {
    const text =
      "Our priorities\nWe will be guided by the needs of the people who use the\nsystem, and by those of the community.";
    expect(paragraphs(text)).toEqual([
      "Our priorities",
      "We will be guided by the needs of the people who use the system, and by those of the community.",
    ]);
  });

  it("mends a word that a typesetter cut, and keeps a hyphen that was written", () => {
    const cut = "They praised the organi-\nzation of the fair.";
    expect(paragraphs(cut)).toEqual(["They praised the organization of the fair."]);
    const written = "It is a well-\nknown lake. It is known well, and a known well is a well.";
    expect(paragraphs(written)[0]).toMatch(/^It is a well-known lake\./);
  });

  it("joins Chinese and Japanese lines without a space, and a Korean word that was cut", () => {
    expect(paragraphs("该项目为所有用户开发自由的操\n作系统。")).toEqual([
      "该项目为所有用户开发自由的操作系统。",
    ]);
    expect(paragraphs("このコマンドでパッケージのインスト\nールができます。")).toEqual([
      "このコマンドでパッケージのインストールができます。",
    ]);
    expect(paragraphs("자유 소프트웨어로 구성된 운영체제 배포\n판 이다. 배포판 은 많다.")[0]).toMatch(
      /^자유 소프트웨어로 구성된 운영체제 배포판 이다/,
    );
  });

  it.each([
    ["a Markdown heading", `## The lake\n${prose}`],
    ["an underlined heading", `The lake\n========\n\n${prose}`],
    ["a contents entry with leaders", `Crossing the lake ........ 12\n${prose}`],
    ["a contents entry with spaced leaders", `Crossing the lake . . . . . 12\n\n${prose}`],
    ["a contents entry with a page column", `Crossing the lake                12\n${prose}`],
    ["a numbered heading", `2.1. How to cross the lake\n\n${prose}`],
    ["a table", `| lake | depth |\n|---|---|\n| north | 12 |\n\n${prose}`],
    ["fenced code", `\`\`\`sh\nrm lake.txt\n\`\`\`\n${prose}`],
    ["bare code", `if (lake) {\n  cross(lake);\n}\n\n${prose}`],
    ["mail headers", `From: a@example.org\nSubject: The lake\n\n${prose}`],
    ["a mail signature", `${prose}\n\n-- \nAnna\nThe ferry office`],
    ["running heads", [1, 2, 3].map((page) => `Lake report page ${page}\n\n`).join("") + prose],
    ["page numbers and rules", `- 12 -\n\n-----\n\n${prose}`],
    ["HTML", `<!-- lake --><p align="center">${prose}</p>`],
  ])("leaves out %s", (_, text) => {
    expect(paragraphs(text)).toEqual([prose]);
  });

  it("reads list items, quotes and link texts without their marks", () => {
    expect(
      paragraphs("- **First** item of the [list](https://example.org/a)\n2. Second item\n\n> A quote."),
    ).toEqual(["First item of the list", "Second item", "A quote."]);
  });

  it.each([
    [
      "the number that ends a sentence on a line of its own",
      "The ferry was built by the people of the town in\n2016.",
    ],
    ["a dialogue", "Anna: We sail at noon, when the fog lifts.\nBob: I will be at the pier then."],
    ["the items of a contract", "a) supply the ferry;\n\nb) supply the crew;"],
  ])("keeps %s", (_, text) => {
    const words = (lines: readonly string[]) => lines.join(" ").match(/\w{2,}/g);
    expect(words(paragraphs(text))).toEqual(words([text]));
  });

  it("keeps a numbered clause that is a sentence, and a wrapped line that begins with a number", () => {
    expect(paragraphs("4.1. The leader may appoint delegates.")).toEqual([
      "The leader may appoint delegates.",
    ]);
    expect(
      paragraphs("The release that everyone was waiting for came in version\n12. It was late."),
    ).toHaveLength(1);
  });
});

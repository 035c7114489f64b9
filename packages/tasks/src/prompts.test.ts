import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PromptError } from "./prompts/prompt.ts";
import { builtInPromptsFolder, readPrompts } from "./prompts.ts";

const builtIn = (name: string) => readFileSync(join(builtInPromptsFolder, name), "utf8");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workstream-prompts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("readPrompts", () => {
  it("reads those that come with the program", () => {
    expect(readPrompts(null)).toEqual({
      summarize: builtIn("summarize.txt"),
      pdfxtract: builtIn("pdfxtract.txt"),
    });
  });

  it("reads one's own, and what it does not find there from the program", () => {
    const own = "Sum up {{source}} in {{language}} with {{words}} words.";
    writeFileSync(join(folder, "summarize.txt"), own);
    expect(readPrompts(folder)).toEqual({ summarize: own, pdfxtract: builtIn("pdfxtract.txt") });
  });

  it("refuses a prompt that lacks what it needs, by its name", () => {
    writeFileSync(join(folder, "summarize.txt"), "Sum up {{source}}.");
    expect(() => readPrompts(folder)).toThrow(PromptError);
    expect(() => readPrompts(folder)).toThrow(
      "The prompt summarize.txt lacks {{language}}, {{words}}: put them in.",
    );
  });

  it("refuses a folder with none, such as one that is misspelt", () => {
    const message = `The folder of prompts ${folder} holds neither summarize.txt nor pdfxtract.txt.`;
    expect(() => readPrompts(folder)).toThrow(message);
    expect(() => readPrompts(join(folder, "none"))).toThrow("holds neither");
  });
});

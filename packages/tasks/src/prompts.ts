import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Prompt, type PromptRules, readPrompt } from "./prompts/prompt.ts";

/** The texts of the prompts, as their files have them. */
export type PromptTexts = { summarize: string; pdfxtract: string };

/** Where the prompts are that come with the program. A file of the same name in a folder of one's own replaces one. */
export const builtInPromptsFolder = fileURLToPath(new URL("../prompts", import.meta.url));

export const summarizeRules = {
  name: "summarize.txt",
  placeholders: { source: "needed", language: "needed", words: "needed" },
} as const satisfies PromptRules<string>;
export type SummarizePrompt = Prompt<keyof typeof summarizeRules.placeholders>;

export const pdfxtractRules = {
  name: "pdfxtract.txt",
  placeholders: { page: "optional", pages: "optional" },
} as const satisfies PromptRules<string>;
export type PdfxtractPrompt = Prompt<keyof typeof pdfxtractRules.placeholders>;

/**
 * Reads `summarize.txt` and `pdfxtract.txt`, each from the folder if it is there and else as it comes with the program.
 * @param folder null: none of one's own
 * @throws PromptError for a prompt that does not do · Error for a folder or file that can't be read
 */
export function readPrompts(folder: string | null): PromptTexts {
  if (folder !== null) assertHasPrompts(folder);
  const texts = {
    summarize: readOne(folder, summarizeRules.name),
    pdfxtract: readOne(folder, pdfxtractRules.name),
  };
  readPrompt(texts.summarize, summarizeRules);
  readPrompt(texts.pdfxtract, pdfxtractRules);
  return texts;
}

function assertHasPrompts(folder: string): void {
  const names = [summarizeRules.name, pdfxtractRules.name];
  if (names.some((name) => existsSync(join(folder, name)))) return;
  throw new Error(`The folder of prompts ${folder} holds neither ${names.join(" nor ")}.`);
}

function readOne(folder: string | null, name: string): string {
  const own = folder === null ? null : join(folder, name);
  return readFileSync(own !== null && existsSync(own) ? own : join(builtInPromptsFolder, name), "utf8");
}

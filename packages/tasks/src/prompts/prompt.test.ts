import { describe, expect, it } from "vitest";
import { PromptError, readPrompt } from "./prompt.ts";

const rules = {
  name: "greet.txt",
  placeholders: { name: "needed", place: "needed", mood: "optional" },
} as const;
const values = { name: "Ada", place: "the lab", mood: "calm" };

const problemOf = (text: string): string => {
  try {
    readPrompt(text, rules);
    return "";
  } catch (error) {
    if (error instanceof PromptError) return error.message;
    throw error;
  }
};

describe("readPrompt", () => {
  it("fills placeholders, as often as they stand there, with or without spaces", () => {
    const prompt = readPrompt("\nHello {{name}}, {{ name }}, in {{place}}.\n", rules);
    expect(prompt(values)).toBe("Hello Ada, Ada, in the lab.");
  });

  it("fills in values as they are, even such as look like placeholders or patterns", () => {
    const prompt = readPrompt("{{name}} {{place}}", rules);
    expect(prompt({ ...values, name: "{{place}}", place: "$& $1" })).toBe("{{place}} $& $1");
  });

  it("leaves single braces alone, which JSON in a prompt has", () => {
    expect(readPrompt('{"a": {}} {{name}} {{place}}', rules)(values)).toBe('{"a": {}} Ada the lab');
  });

  it.each([
    ["is empty", " \n"],
    ["lacks {{place}}: put it in", "Hello {{name}}"],
    ["lacks {{name}}, {{place}}: put them in", "Hello"],
    ["has {{nmae}}; what it can have is {{name}}, {{place}}, {{mood}}", "{{nmae}} {{name}} {{place}}"],
    ["is longer than 20000 characters", `{{name}} {{place}} ${"x".repeat(20_000)}`],
  ])("says that a prompt %s", (problem, text) => {
    expect(problemOf(text)).toBe(`The prompt greet.txt ${problem}.`);
  });
});

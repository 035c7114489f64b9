import { primaryQueue } from "@workstream/core";
import { defineTask } from "@workstream/worker";
import { z } from "zod";
import { summarizeExtractively } from "./extractive-summary.ts";

const maxTextLength = 1_000_000;
const text = z.string().trim().min(1, "The text is empty.").max(maxTextLength);

/** Text → summary. The result says how it was made, so that no one takes sentences of the text for a model's own. */
export const summarize = defineTask({
  type: "summarize",
  queue: primaryQueue,
  description: "Summarizes a text in its own language, in sentences taken from it",
  input: z.union([text, z.object({ content: text }).transform(({ content }) => content)]),
  output: z.object({
    summary: z.string(),
    method: z.literal("extractive"),
    language: z.string().describe('ISO 639-1, or "und"'),
    sentences_in: z.int().min(0),
    sentences_out: z.int().min(0),
  }),
  timeoutMs: 60_000,
  run(input) {
    const { summary, method, language, sentenceCount, sentencesUsed } = summarizeExtractively(input);
    return { summary, method, language, sentences_in: sentenceCount, sentences_out: sentencesUsed };
  },
});

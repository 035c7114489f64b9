import { z } from "zod";

const ofModel = "; null when no model wrote the summary";

export const summaryResult = z.object({
  summary: z.string(),
  method: z.enum(["model", "extractive"]).describe("In a model's words, or in sentences of the text"),
  language: z.string().describe('Of the text: ISO 639-1, or "und"'),
  sentences_in: z.int().min(0),
  sentences_out: z.int().min(0),
  is_truncated: z.boolean().describe("The model was cut off, and its last sentence was left out"),
  fallback_reason: z
    .string()
    .nullable()
    .describe("Why the method is extractive although a model was to be asked; null when it was not"),
  model: z.string().nullable().describe(`The model that wrote the summary${ofModel}`),
  prompt_tokens: z.int().min(0).nullable().describe(`Of all calls, those of parts included${ofModel}`),
  completion_tokens: z.int().min(0).nullable().describe(`Of all calls${ofModel}`),
  cost: z.number().min(0).nullable().describe(`Of all calls, US dollars${ofModel}`),
  parts: z.int().min(1).nullable().describe(`Parts that the text was cut into${ofModel}`),
});

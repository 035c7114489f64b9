import { z } from "zod";
import type { ChatUsage, FinishReason } from "./chat-model.ts";

const usageSchema = z.object({
  prompt_tokens: z.number().min(0),
  completion_tokens: z.number().min(0),
  cost: z.number().nullish(),
});

const messageSchema = z.object({ content: z.string().nullish(), refusal: z.string().nullish() });

/** A plain answer, or one piece of a streamed one. Errors are read apart: they come in several shapes. */
export const completionSchema = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        message: messageSchema.nullish(),
        delta: messageSchema.nullish(),
        finish_reason: z.string().nullish(),
        error: z.unknown().optional(),
      }),
    )
    .nullish(),
  // A usage that can't be read is none: it is estimated, and the answer stands.
  usage: usageSchema.nullish().catch(null),
  error: z.unknown().optional(),
});
export type Completion = z.output<typeof completionSchema>;
export type ReportedUsage = z.output<typeof usageSchema>;

/** What has been read of an answer. */
export type ReadAnswer = {
  text: string;
  /** As the service spells it; null while none was told. */
  finishReason: string | null;
  model: string | null;
  usage: ReportedUsage | null;
  /** The model's own words for refusing. */
  refusal: string | null;
};

export const nothingRead: ReadAnswer = {
  text: "",
  finishReason: null,
  model: null,
  usage: null,
  refusal: null,
};

/** The error that a completion carries, at its top or in its first choice; undefined when it is well. */
export function errorIn({ error, choices }: Completion): unknown {
  return error ?? choices?.[0]?.error ?? undefined;
}

/** Adds what one completion or chunk tells to what has been read. */
export function addCompletion(read: ReadAnswer, { model, choices, usage }: Completion): ReadAnswer {
  const choice = choices?.[0];
  const part = choice?.delta ?? choice?.message;
  return {
    text: read.text + (part?.content ?? ""),
    finishReason: choice?.finish_reason ?? read.finishReason,
    model: model ?? read.model,
    usage: usage ?? read.usage,
    refusal: part?.refusal ? (read.refusal ?? "") + part.refusal : read.refusal,
  };
}

export function finishReasonOf(word: string | null): FinishReason {
  return word === "stop" || word === "length" || word === "content_filter" ? word : "other";
}

export function reportedUsage(usage: ReportedUsage): ChatUsage {
  return {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    cost: usage.cost ?? 0,
  };
}

import { createHash } from "node:crypto";
import { primaryQueue } from "@workstream/core";
import {
  defineTask,
  type ServiceDefinition,
  type TaskContext,
  type TaskDefinition,
} from "@workstream/worker";
import { z } from "zod";
import { type AskModel, askImpatiently, askPatiently, ServiceOut } from "../model/ask-model.ts";
import type { ChatModel } from "../openrouter/chat-model.ts";
import { toVerdict } from "../openrouter/to-verdict.ts";
import { readPrompt } from "../prompts/prompt.ts";
import { type SummarizePrompt, summarizeRules } from "../prompts.ts";
import { readSentences, summarizeExtractively } from "./extractive-summary.ts";
import { undetermined } from "./language.ts";
import { summarizeByModel } from "./model-summary.ts";
import { summaryResult } from "./summary-result.ts";
import { tellsLanguage } from "./tell-language.ts";

export type SummarizeOptions = {
  /** Null: in sentences of the text. */
  model: ModelProvider | null;
  /** Null: every text is summarized anew. */
  cacheTtlMs: number | null;
};

export type ModelProvider = {
  chat: ChatModel;
  service: ServiceDefinition;
  /** Text of prompts/summarize.txt. */
  prompt: string;
  /** Whether the sentences of the text will do when the service is out. */
  fallsBack: boolean;
};

type SummaryResult = z.input<typeof summaryResult>;

const maxTextLength = 1_000_000;
const text = z.string().trim().min(1, "The text is empty.").max(maxTextLength);
const extractiveTimeoutMs = 60_000;
/** Ten or so parts of a long text, four at a time, each in a minute or two. */
const modelTimeoutMs = 15 * 60_000;

/**
 * Text → summary. The result says how it was made, so that no one takes sentences of the text for a model's own.
 * @throws PromptError
 */
export function defineSummarize({ model, cacheTtlMs }: SummarizeOptions): TaskDefinition {
  const prompt = model && readPrompt(model.prompt, summarizeRules);
  return defineTask({
    type: "summarize",
    queue: primaryQueue,
    description: model
      ? "Summarizes a text in its own language, in a model's words"
      : "Summarizes a text in its own language, in sentences taken from it",
    input: z.union([text, z.object({ content: text }).transform(({ content }) => content)]),
    output: summaryResult,
    timeoutMs: model ? modelTimeoutMs : extractiveTimeoutMs,
    ...(model && { services: [model.service], runsWithoutServices: model.fallsBack }),
    ...(cacheTtlMs !== null && {
      cache: { ttlMs: cacheTtlMs, key: (input: string) => cacheKey(input, model), keeps: isAsAsked },
    }),
    run: (input, context) =>
      model && prompt ? byModelOrElse({ ...model, prompt }, input, context) : extractive(input, null),
  });
}

type ReadyModel = Omit<ModelProvider, "prompt"> & { prompt: SummarizePrompt };

async function byModelOrElse(model: ReadyModel, input: string, context: TaskContext): Promise<SummaryResult> {
  try {
    return await byModel(model, input, context);
  } catch (error) {
    if (!(error instanceof ServiceOut)) throw toVerdict(error);
    context.logger.warn({ reason: error.message }, "summarized without the model");
    const result = extractive(input, error.message);
    context.restartOutput();
    context.output(result.summary);
    return result;
  }
}

async function byModel(model: ReadyModel, input: string, context: TaskContext): Promise<SummaryResult> {
  const { chat, prompt } = model;
  const source = readSentences(input);
  const language = tellsLanguage(input) ? source.language : undetermined;
  const written = await summarizeByModel(
    { chat, prompt, context, ask: askerOf(model, context) },
    { text: input, language },
  );
  return {
    summary: written.text,
    method: "model",
    language: source.language,
    sentences_in: source.sentences.length,
    sentences_out: readSentences(written.text).sentences.length,
    is_truncated: written.isTruncated,
    fallback_reason: null,
    model: written.usage.model,
    prompt_tokens: written.usage.promptTokens,
    completion_tokens: written.usage.completionTokens,
    cost: written.usage.cost,
    parts: written.partCount,
  };
}

function askerOf({ chat, service, fallsBack }: ReadyModel, context: TaskContext): AskModel {
  const guarded = context.service(service.name);
  return fallsBack ? askImpatiently(chat, guarded, context) : askPatiently(chat, guarded);
}

function extractive(input: string, fallbackReason: string | null): SummaryResult {
  const { summary, method, language, sentenceCount, sentencesUsed } = summarizeExtractively(input);
  return {
    summary,
    method,
    language,
    sentences_in: sentenceCount,
    sentences_out: sentencesUsed,
    is_truncated: false,
    fallback_reason: fallbackReason,
    model: null,
    prompt_tokens: null,
    completion_tokens: null,
    cost: null,
    parts: null,
  };
}

/** Whatever a result depends on. */
function cacheKey(input: string, model: ModelProvider | null): string {
  const provider = model ? ["model", model.chat.model, model.prompt] : ["extractive"];
  return createHash("sha256")
    .update(JSON.stringify([...provider, input]))
    .digest("hex");
}

/** What was made because the service was out is not what the next task of the same input should get. */
function isAsAsked(result: string): boolean {
  return summaryResult.parse(JSON.parse(result)).fallback_reason === null;
}

import { createHash } from "node:crypto";
import { permanent, type TaskContext } from "@workstream/worker";
import type { AskModel } from "../model/ask-model.ts";
import { mapBounded } from "../model/map-bounded.ts";
import { addUsage, type ModelUsage } from "../model/model-usage.ts";
import type { ChatModel } from "../openrouter/chat-model.ts";
import { estimateTokens } from "../openrouter/estimate-tokens.ts";
import type { SummarizePrompt } from "../prompts.ts";
import { splitIntoParts } from "./text-parts.ts";
import { type Source, type Writing, type WrittenSummary, writeSummary } from "./write-summary.ts";

export type ModelSummaryParts = {
  chat: Pick<ChatModel, "model" | "contextTokens">;
  ask: AskModel;
  prompt: SummarizePrompt;
  context: Pick<TaskContext, "output" | "restartOutput" | "progress" | "step">;
};

export type ModelSummary = WrittenSummary & {
  /** Parts that the text was cut into; 1 when it was summarized in one go. */
  partCount: number;
};

const partsAtOnce = 4;
const mostPartWords = 300;
const mostWords = 250;
// Two are the rule. A model whose summaries are as long as what they sum up would never come to an end.
const mostLevels = 6;
// Estimates of tokens are off by a third for some languages, and a prompt that does not fit is refused.
const usableShare = 0.75;
const wordsPerToken = 0.75;
const mostTokensPerWord = 4;
/** For models that think before they write, out of the same bound. */
const thinkingTokens = 1_000;

/** `language`: ISO 639-1, or "und". */
export type SourceText = { text: string; language: string };

/**
 * A summary in a model's words, streamed as it is written.
 *
 * A text that is longer than the model's context is cut into parts; each is summarized, then their summaries are,
 * again in parts if need be. The summary of a part is remembered, so another attempt asks only for those that are
 * missing.
 */
export async function summarizeByModel(
  parts: ModelSummaryParts,
  { text, language }: SourceText,
): Promise<ModelSummary> {
  const condensed = await condense(parts, { text, language, level: 1, partCount: 1, usage: null });
  const isWhole = condensed.partCount === 1;
  const source = {
    text: condensed.text,
    language,
    description: isWhole ? "a text" : "the summaries of the parts of a longer text, in their order",
    words: wordsFor(text, mostWords),
  };
  const summary = await writeSummary({ ...writingWith(parts), stream: streamTo(parts.context) }, source);
  return {
    ...summary,
    usage: addUsage(condensed.usage, summary.usage),
    partCount: condensed.partCount,
  };
}

function streamTo(context: ModelSummaryParts["context"]) {
  return { onText: (delta: string) => context.output(delta), onRestart: () => context.restartOutput() };
}

type Condensed = {
  text: string;
  language: string;
  level: number;
  partCount: number;
  usage: ModelUsage | null;
};

/** Until it fits. */
async function condense(parts: ModelSummaryParts, from: Condensed): Promise<Condensed> {
  const pieces = splitIntoParts(from.text, {
    maxTokens: sourceTokens(parts),
    countTokens: estimateTokens,
    language: from.language,
  });
  if (pieces.length === 1) return from;
  if (from.level > mostLevels) throw permanent("The summaries of the text's parts do not get any shorter.");
  const summaries = await summarizePieces(parts, from, pieces);
  return condense(parts, {
    text: summaries.map((summary) => summary.text).join("\n\n"),
    language: from.language,
    level: from.level + 1,
    partCount: from.level === 1 ? pieces.length : from.partCount,
    usage: summaries.reduce<ModelUsage | null>((sum, { usage }) => addUsage(sum, usage), from.usage),
  });
}

async function summarizePieces(
  parts: ModelSummaryParts,
  { level, language, text }: Condensed,
  pieces: readonly string[],
): Promise<WrittenSummary[]> {
  const key = fingerprint(parts, text);
  let doneCount = 0;
  return mapBounded(pieces, partsAtOnce, async (piece, index) => {
    const source: Source = {
      text: piece,
      language,
      description: `part ${index + 1} of ${pieces.length} of a longer text`,
      words: wordsFor(piece, mostPartWords),
    };
    const name = `part-${level}-${index + 1}-${key}`;
    const summary = await parts.context.step(name, () => writeSummary(writingWith(parts), source));
    doneCount += 1;
    if (level === 1) parts.context.progress({ parts_done: doneCount, parts_total: pieces.length });
    return summary;
  });
}

/** What another attempt may reuse was made of the same text, by the same model and prompt. */
function fingerprint({ chat, prompt }: ModelSummaryParts, text: string): string {
  const filled = prompt({ source: "", language: "", words: "" });
  const facts = JSON.stringify([chat.model, chat.contextTokens, filled, text]);
  return createHash("sha256").update(facts).digest("hex").slice(0, 12);
}

function writingWith({ ask, prompt, chat }: ModelSummaryParts): Writing {
  const most = Math.floor(chat.contextTokens / 4);
  return {
    ask,
    prompt,
    maxTokens: (words) => Math.max(1, Math.min(most, thinkingTokens + words * mostTokensPerWord)),
  };
}

/** What of the context is left for the source, beside the prompt and the longest answer. */
function sourceTokens(parts: ModelSummaryParts): number {
  const { chat, prompt } = parts;
  const filled = estimateTokens(prompt({ source: "", language: "", words: "" }));
  const left = chat.contextTokens * usableShare - filled - writingWith(parts).maxTokens(mostPartWords);
  return Math.max(Math.floor(chat.contextTokens / 3), Math.floor(left));
}

/** A tenth of the text; more of a short one. */
function wordsFor(text: string, most: number): number {
  const words = estimateTokens(text) * wordsPerToken;
  return Math.round(Math.min(most, Math.max(10, words / 10, Math.min(40, words / 2))));
}

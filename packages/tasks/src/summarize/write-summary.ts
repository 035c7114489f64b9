import { permanent, taskError } from "@workstream/worker";
import type { AskModel, TextStream } from "../model/ask-model.ts";
import { addUsage, type ModelUsage, usageOf } from "../model/model-usage.ts";
import type { ChatAnswer } from "../openrouter/chat-model.ts";
import type { SummarizePrompt } from "../prompts.ts";
import { readSentences } from "./extractive-summary.ts";
import { undetermined } from "./language.ts";
import { languageName, sourceLanguage } from "./language-name.ts";
import { endsSentence } from "./scripts.ts";
import { tellLanguage } from "./tell-language.ts";

export type Source = {
  text: string;
  /** What it is, for the prompt: "a text", "part 2 of 5 of a longer text". */
  description: string;
  /** ISO 639-1 or "und". */
  language: string;
  /** About how long the summary is to be. */
  words: number;
};

export type Writing = {
  ask: AskModel;
  prompt: SummarizePrompt;
  /** Bound of an answer, for a number of words. */
  maxTokens: (words: number) => number;
  stream?: TextStream;
};

export type WrittenSummary = {
  text: string;
  /** The model did not come to its end, and the text was cut back to its last whole sentence. */
  isTruncated: boolean;
  usage: ModelUsage;
};

type Correction = { words: number; note: string };

/**
 * Has a source summarized, and asks once more for what can be mended: an answer that was cut off, or that is in another
 * language.
 * @throws permanent when a filter holds the answer back · taskError when there is none
 */
export async function writeSummary(writing: Writing, source: Source): Promise<WrittenSummary> {
  const first = await askFor(writing, source, source.words);
  const correction = correctionOf(first, source);
  if (!correction) return written(first, usageOf(first));
  writing.stream?.onRestart();
  const second = await askFor(writing, source, correction.words, correction.note);
  return written(second, addUsage(usageOf(first), usageOf(second)));
}

async function askFor(
  { ask, prompt, maxTokens, stream }: Writing,
  source: Source,
  words: number,
  note = "",
): Promise<ChatAnswer> {
  const filled = prompt({
    source: source.description,
    language: sourceLanguage(source.language),
    words: String(words),
  });
  const answer = await ask(
    {
      system: note === "" ? filled : `${filled}\n\n${note}`,
      content: [{ kind: "text", text: source.text }],
      maxTokens: maxTokens(source.words),
    },
    stream,
  );
  if (answer.finishReason !== "content_filter") return answer;
  throw permanent(`A content filter of ${answer.model} holds the summary back.`);
}

function correctionOf(answer: ChatAnswer, { words, language }: Source): Correction | undefined {
  if (answer.finishReason === "length") {
    const fewer = Math.max(10, Math.round(words / 2));
    return { words: fewer, note: `Your last answer was cut off. Write ${fewer} words at most.` };
  }
  const written = tellLanguage(answer.text);
  if (written === language || written === undetermined || language === undetermined) return undefined;
  return {
    words,
    note: `Your last answer was in ${languageName(written)}. Write in ${languageName(language)}.`,
  };
}

function written(answer: ChatAnswer, usage: ModelUsage): WrittenSummary {
  const isTruncated = answer.finishReason === "length";
  const text = isTruncated ? wholeSentences(answer.text.trim()) : answer.text.trim();
  if (text !== "") return { text, isTruncated, usage };
  const reason = isTruncated ? ": its tokens ran out before it began" : "";
  throw taskError("Default", `${answer.model} answered with no summary${reason}.`);
}

/** Without the sentence that breaks off; all of it when that is the only one. */
function wholeSentences(text: string): string {
  const last = readSentences(text).sentences.at(-1)?.text ?? "";
  const start = text.lastIndexOf(last);
  return endsSentence(text) || start <= 0 ? text : text.slice(0, start).trim();
}

import { z } from "zod";
import type { AskModel } from "../model/ask-model.ts";
import { addUsage, type ModelUsage, usageOf } from "../model/model-usage.ts";
import type { ChatAnswer, ChatModel, ChatPart, ChatRequest } from "../openrouter/chat-model.ts";
import { estimateRequestTokens, estimateTokens } from "../openrouter/estimate-tokens.ts";
import { OpenRouterError } from "../openrouter/openrouter-error.ts";
import type { PdfxtractPrompt } from "../prompts.ts";
import { type PageAnswer, pageAnswerSchema, parsePageAnswer } from "./page-answer.ts";
import type { DrawnPage } from "./paged-pdf.ts";
import type { PdfArticle, PdfPageExtract } from "./pdf-extract.ts";
import { damagedPage } from "./skip-reason.ts";

export type PageReader = {
  chat: Pick<ChatModel, "contextTokens">;
  ask: AskModel;
  prompt: PdfxtractPrompt;
  draw: (index: number) => Promise<DrawnPage>;
};

export type PageSource = {
  /** From 1. */
  number: number;
  pageCount: number;
  /** Its text layer; "" when it has none that can be read. */
  text: string;
};

/** What is remembered of a page: plain data. */
export type PageReading = {
  page: PdfPageExtract;
  /** ISO date that the page prints as the issue's. */
  issueDate: string | null;
  /** Null: the model was not asked. */
  usage: ModelUsage | null;
};

// A dense broadsheet page comes to some 12,000 tokens, and a model may think before it writes.
const mostAnswerTokens = 32_000;
const answerTokensWithoutText = 16_000;
const fewestAnswerTokens = 8_000;

/**
 * Has a page read by a vision model, from its picture and its text layer. What is wrong with the page, or with what the
 * model makes of it, skips the page with a reason.
 * @throws OpenRouterError for what would meet the next page as well
 */
export async function readPage(reader: PageReader, source: PageSource): Promise<PageReading> {
  const drawn = await reader.draw(source.number - 1);
  if (drawn.kind === "failed") return skipped(source, drawn.reason);
  if (drawn.kind === "damaged") return skipped(source, damagedPage);
  if (drawn.kind === "blank" && source.text === "") return skipped(source, "blank page");
  const request = requestFor(reader, source, drawn);
  if (estimateRequestTokens(request) > reader.chat.contextTokens) {
    return skipped(source, "page too large: its text does not fit into the model's context");
  }
  try {
    return await askTwice(reader, source, request);
  } catch (error) {
    if (!isPagesFault(error)) throw error;
    return skipped(source, error.message);
  }
}

function requestFor(
  { chat, prompt }: PageReader,
  { number, pageCount, text }: PageSource,
  drawn: DrawnPage,
): ChatRequest {
  const content: ChatPart[] = [];
  if (text !== "") content.push({ kind: "text", text: `<text_layer>\n${text}\n</text_layer>` });
  if (drawn.kind === "shown") content.push({ kind: "image", mimeType: "image/png", bytes: drawn.png });
  return {
    system: prompt({ page: String(number), pages: String(pageCount) }),
    content,
    maxTokens: Math.min(answerTokens(text), Math.floor(chat.contextTokens / 2)),
    schema: pageAnswerSchema,
  };
}

function answerTokens(text: string): number {
  if (text === "") return answerTokensWithoutText;
  return Math.min(mostAnswerTokens, Math.max(fewestAnswerTokens, 4 * estimateTokens(text)));
}

/** The page's own fault: the same request would be refused again, and another page's would not. */
function isPagesFault(error: unknown): error is OpenRouterError {
  if (!(error instanceof OpenRouterError) || error.state !== "active") return false;
  return error.errorType === "ValidationError" || error.errorType === "PermanentError";
}

async function askTwice({ ask }: PageReader, source: PageSource, request: ChatRequest): Promise<PageReading> {
  const first = await ask(request);
  const reading = readingOf(first, source);
  if ("page" in reading) return { ...reading, usage: usageOf(first) };
  const note = `Your last answer can't be used: ${reading.problem}. Answer again, with the JSON alone.`;
  const second = await ask({ ...request, system: `${request.system}\n\n${note}` });
  const usage = addUsage(usageOf(first), usageOf(second));
  const again = readingOf(second, source);
  if ("page" in again) return { ...again, usage };
  return { ...skipped(source, `the model's answer was invalid twice: ${again.problem}`), usage };
}

/** What the answer says of the page, or what is wrong with the answer and might be right the next time. */
function readingOf(answer: ChatAnswer, source: PageSource): PageReading | { problem: string } {
  if (answer.finishReason === "content_filter") {
    return skipped(source, `a content filter of ${answer.model} holds the page back`);
  }
  if (answer.finishReason === "length") {
    return skipped(source, "page too large: the model's answer was cut off");
  }
  const parsed = parsePageAnswer(answer.text);
  return parsed.isValid ? processed(source, parsed.answer) : { problem: parsed.problem };
}

function processed({ number }: PageSource, answer: PageAnswer): PageReading {
  const articles = answer.articles.map(tidy).filter(({ title, subtitle, body }) => title || subtitle || body);
  const issueDate = z.iso.date().safeParse(answer.issue_date?.trim()).data ?? null;
  const page = { page_number: number, articles };
  if (articles.length > 0)
    return { page: { ...page, status: "processed", reason: "" }, issueDate, usage: null };
  return { page: { ...page, status: "skipped", reason: "no article on this page" }, issueDate, usage: null };
}

function tidy({ title, subtitle, author, body, topics, summary }: PdfArticle): PdfArticle {
  return {
    title: title.trim(),
    subtitle: subtitle.trim(),
    author: author.trim(),
    body: body.trim(),
    topics: topics.map((topic) => topic.trim()).filter((topic) => topic !== ""),
    summary: summary.trim(),
  };
}

export function skipped({ number }: PageSource, reason: string): PageReading {
  return {
    page: { page_number: number, status: "skipped", reason, articles: [] },
    issueDate: null,
    usage: null,
  };
}

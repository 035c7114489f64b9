import { primaryQueue } from "@workstream/core";
import {
  defineTask,
  permanent,
  type ServiceDefinition,
  type TaskContext,
  type TaskDefinition,
  taskError,
} from "@workstream/worker";
import { z } from "zod";
import { askPatiently } from "../model/ask-model.ts";
import type { ChatModel } from "../openrouter/chat-model.ts";
import { toVerdict } from "../openrouter/to-verdict.ts";
import { readPrompt } from "../prompts/prompt.ts";
import { type PdfxtractPrompt, pdfxtractRules } from "../prompts.ts";
import { extractPdf } from "./extract-pdf.ts";
import { PdfError } from "./pdf-error.ts";
import { defaultPdfLimits } from "./pdf-limits.ts";
import { pdfResult } from "./pdf-result.ts";
import { readPdfByModel } from "./read-pdf-by-model.ts";

export type VisionProvider = {
  /** Reads pictures. */
  chat: ChatModel;
  service: ServiceDefinition;
  /** Text of prompts/pdfxtract.txt. */
  prompt: string;
};

type PdfInput = { filename: string; issue_date?: string | null | undefined };
type PdfResult = z.input<typeof pdfResult>;

/** Time beside the reading itself: fetching the bytes and storing the result. */
const overheadMs = 30_000;
/** 500 pages, four at a time, half a minute each. */
const modelTimeoutMs = 60 * 60_000;

/**
 * A PDF, such as a newspaper → its articles by page.
 * @param model null: from the text layer
 * @throws PromptError
 */
export function definePdfxtract(model: VisionProvider | null): TaskDefinition {
  const prompt = model && readPrompt(model.prompt, pdfxtractRules);
  return defineTask({
    type: "pdfxtract",
    queue: primaryQueue,
    description: model
      ? "Extracts the articles of a PDF, page by page, with a model that sees the pages"
      : "Extracts the articles of a PDF, page by page, from its text layer",
    input: z.object({
      filename: z.string(),
      issue_date: z.iso.date().nullish(),
    }),
    output: pdfResult,
    takesFile: true,
    timeoutMs: model ? modelTimeoutMs : defaultPdfLimits.timeoutMs + overheadMs,
    ...(model && { services: [model.service] }),
    async run(input, context) {
      try {
        if (model && prompt) return await byModel({ ...model, prompt }, input, context);
        return await fromTextLayer(input, context);
      } catch (error) {
        throw error instanceof PdfError ? verdictOn(error) : toVerdict(error);
      }
    },
  });
}

async function fromTextLayer({ filename, issue_date: issueDate }: PdfInput, context: TaskContext) {
  const extract = await extractPdf(await readAll(context), {
    filename,
    ...(issueDate && { issueDate }),
    signal: context.signal,
    onPage: (done, total) => context.progress({ pages_done: done, pages_total: total }),
  });
  const noModel = { model: null, prompt_tokens: null, completion_tokens: null, cost: null };
  return { ...extract, method: "text_layer", ...noModel } satisfies PdfResult;
}

async function byModel(
  { chat, service, prompt }: Omit<VisionProvider, "prompt"> & { prompt: PdfxtractPrompt },
  { filename, issue_date: issueDate }: PdfInput,
  context: TaskContext,
) {
  const ask = askPatiently(chat, context.service(service.name));
  const bytes = await readAll(context);
  const { usage, ...extract } = await readPdfByModel(
    { chat, ask, prompt, context },
    { bytes, filename, issueDate: issueDate ?? undefined },
  );
  return {
    ...extract,
    method: "model",
    model: usage.model,
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    cost: usage.cost,
  } satisfies PdfResult;
}

/** Another attempt reads the same bytes, so what is wrong with them stays wrong; only time may be had later. */
function verdictOn(error: PdfError): Error {
  const mayPass = error.kind === "timeout" || error.kind === "aborted";
  return mayPass
    ? taskError("Default", error.message, { cause: error })
    : permanent(error.message, { cause: error });
}

async function readAll(context: TaskContext): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of context.readInput()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

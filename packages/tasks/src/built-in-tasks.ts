import type { ServiceDefinition, TaskDefinition } from "@workstream/worker";
import type { ChatModel } from "./openrouter/chat-model.ts";
import { definePdfxtract } from "./pdfxtract/pdfxtract-task.ts";
import type { PromptTexts } from "./prompts.ts";
import { defineSummarize } from "./summarize/summarize-task.ts";

export type BuiltInTaskOptions = {
  /** Null: no key is set, so everything is done by the local providers. */
  chat: ChatModel | null;
  /** The guarded service that `chat` is called through; null with it. */
  service: ServiceDefinition | null;
  prompts: PromptTexts;
  /** `auto`: by the model when there is one. */
  summarizeProvider: "auto" | "model" | "extractive";
  /** Whether a text is summarized in its own sentences when the service is out. The result says so. */
  fallsBack: boolean;
  /** Whether a text that was summarized before gets the same summary again, without a call. */
  cachesResults: boolean;
  /** For how long: 1 ms to 30 days, a week unless told. */
  cacheTtlMs?: number;
};

const weekMs = 7 * 24 * 3_600_000;

/**
 * The task types that every installation has.
 * @param options absent: the local providers
 * @throws PromptError for a prompt that does not do · TypeError for `model` without one
 */
export function builtInTasks(options: BuiltInTaskOptions = localOptions()): TaskDefinition[] {
  const { prompts, summarizeProvider, fallsBack, cachesResults, cacheTtlMs = weekMs } = options;
  const model = modelOf(options);
  if (summarizeProvider === "model" && !model) {
    throw new TypeError("Summaries by a model need one: set a key, or let the provider be auto.");
  }
  const summaryModel = summarizeProvider === "extractive" ? null : model;
  return [
    defineSummarize({
      model: summaryModel && { ...summaryModel, prompt: prompts.summarize, fallsBack },
      cacheTtlMs: cachesResults ? cacheTtlMs : null,
    }),
    definePdfxtract(model && { ...model, prompt: prompts.pdfxtract }),
  ];
}

function modelOf({ chat, service }: BuiltInTaskOptions) {
  if (chat && !service) throw new TypeError("A model needs the service that it is called through.");
  return chat && service ? { chat, service } : null;
}

function localOptions(): BuiltInTaskOptions {
  return {
    chat: null,
    service: null,
    prompts: { summarize: "", pdfxtract: "" },
    summarizeProvider: "auto",
    fallsBack: false,
    cachesResults: false,
  };
}

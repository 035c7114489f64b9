import type { ChatAnswer, ChatRequest } from "../openrouter/chat-model.ts";
import type { AskModel } from "./ask-model.ts";

/** What a scripted model says: a whole text, or whatever of an answer differs from that. Errors are thrown. */
export type Line = string | Partial<ChatAnswer> | Error;

export type ScriptedModel = { ask: AskModel; requests: ChatRequest[] };

/** Answers from a script, each call ten tokens in, five out, and a cent; streams word by word. */
export function scriptedModel(say: (request: ChatRequest, number: number) => Line): ScriptedModel {
  const requests: ChatRequest[] = [];
  return {
    requests,
    async ask(request, stream) {
      requests.push(request);
      const line = say(request, requests.length);
      if (line instanceof Error) throw line;
      const answer = answerOf(line);
      for (const word of answer.text.split(/(?<= )/)) stream?.onText(word);
      return answer;
    },
  };
}

export const textOf = ({ content }: ChatRequest): string =>
  content.map((part) => (part.kind === "text" ? part.text : "")).join("");

function answerOf(line: string | Partial<ChatAnswer>): ChatAnswer {
  return {
    text: "",
    finishReason: "stop",
    model: "scripted/one",
    usage: { promptTokens: 10, completionTokens: 5, cost: 0.01 },
    ...(typeof line === "string" ? { text: line } : line),
  };
}

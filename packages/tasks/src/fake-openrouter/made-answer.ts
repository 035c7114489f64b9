/** Answers made from the prompt alone: the same request, the same answer. */
import { answerSchema, type ChatRequestBody, materialText } from "./chat-request.ts";
import { leadingSentences } from "./leading-sentences.ts";
import { pageArticles } from "./page-articles.ts";
import { valueFor } from "./schema-walk.ts";

export function madeAnswer(request: ChatRequestBody): string {
  const material = materialText(request);
  const schema = answerSchema(request);
  if (schema === null) return leadingSentences(material, 3) || "There is nothing to summarize.";
  return JSON.stringify(pageArticles(schema, material) ?? valueFor(schema, { root: schema, text: material }));
}

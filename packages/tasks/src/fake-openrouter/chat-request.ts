import { z } from "zod";

const part = z.union([
  z.object({ type: z.literal("text"), text: z.string() }),
  z.looseObject({ type: z.string() }),
]);

/** As much of a chat completion's request as the fake looks at. */
export const chatRequestSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.union([z.string(), z.array(part)]) })).min(1),
  stream: z.boolean().default(false),
  max_tokens: z.number().nullish(),
  response_format: z
    .object({
      type: z.string(),
      json_schema: z.object({ schema: z.record(z.string(), z.unknown()) }).optional(),
    })
    .nullish(),
});
export type ChatRequestBody = z.output<typeof chatRequestSchema>;

/** The schema that the answer must keep to; null for a plain text. */
export function answerSchema({ response_format: format }: ChatRequestBody): Record<string, unknown> | null {
  return format?.json_schema?.schema ?? null;
}

export function promptText({ messages }: ChatRequestBody): string {
  return messages.flatMap(({ content }) => textsOf(content)).join("\n");
}

export function imageCount({ messages }: ChatRequestBody): number {
  return messages.flatMap(({ content }) => (typeof content === "string" ? [] : content)).filter(isImage)
    .length;
}

/** The material of the request: the user's longest text, within the marks that set it off, if there are any. */
export function materialText({ messages }: ChatRequestBody): string {
  const texts = messages.filter(({ role }) => role === "user").flatMap(({ content }) => textsOf(content));
  const longest = texts.reduce((best, text) => (text.length > best.length ? text : best), "");
  const marked = Array.from(longest.matchAll(/<([a-z_]+)>\n?([\s\S]*?)\n?<\/\1>/g), ([, , inside]) => inside);
  return marked.reduce<string>((best, text = "") => (text.length > best.length ? text : best), "") || longest;
}

type Content = ChatRequestBody["messages"][number]["content"];

function textsOf(content: Content): string[] {
  if (typeof content === "string") return [content];
  return content.flatMap((entry) => ("text" in entry && typeof entry.text === "string" ? [entry.text] : []));
}

function isImage({ type }: { type: string }): boolean {
  return type === "image_url";
}

import { z } from "zod";
import { articleSchema } from "./pdf-result.ts";

const answerSchema = z.object({
  issue_date: z.string().nullable(),
  articles: z.array(articleSchema),
});
export type PageAnswer = z.output<typeof answerSchema>;

/** What a model's answer about a page must be: strict structured output wants every field and no other. */
export const pageAnswerSchema = { name: "page", jsonSchema: jsonSchemaOf(answerSchema) };

export type ParsedAnswer = { isValid: true; answer: PageAnswer } | { isValid: false; problem: string };

/** Reads an answer, and mends what models that do not keep to a schema get wrong in writing JSON. */
export function parsePageAnswer(text: string): ParsedAnswer {
  const json = parseJson(text) ?? parseJson(mended(text));
  if (json === undefined) return { isValid: false, problem: "it is not JSON" };
  const parsed = answerSchema.safeParse(json);
  if (parsed.success) return { isValid: true, answer: parsed.data };
  const issue = parsed.error.issues[0];
  return { isValid: false, problem: `${issue?.path.join(".") || "it"}: ${issue?.message ?? "is invalid"}` };
}

function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...jsonSchema } = z.toJSONSchema(schema);
  return jsonSchema;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// A string, or a comma before a closing bracket: whichever comes first, so that commas within strings stay.
const stringOrTrailingComma = /"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/gs;

/** Without what stands around the object (code fences, a preamble), trailing commas, and line breaks within strings. */
function mended(text: string): string {
  const object = text.slice(Math.max(0, text.indexOf("{")), text.lastIndexOf("}") + 1);
  return object.replace(stringOrTrailingComma, (found) =>
    found === "," ? "" : found.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t"),
  );
}

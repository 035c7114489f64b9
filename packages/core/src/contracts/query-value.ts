/** Values of query parameters and form fields, which arrive as text. */
import { z } from "zod";

/** true, false, 1 or 0, in any case. */
export const queryBooleanSchema = z
  .string()
  .transform((text, context) => {
    const word = text.toLowerCase();
    if (word === "true" || word === "1") return true;
    if (word === "false" || word === "0") return false;
    context.addIssue({ code: "custom", message: "It must be true, false, 1 or 0." });
    return z.NEVER;
  })
  .meta({ enum: ["true", "false", "1", "0"] });

/** A whole number in `min`–`max`. */
export function queryInteger(min: number, max: number) {
  return z.coerce.number<string>().int().min(min).max(max);
}

/** A JSON object in a text value. */
export const queryObjectSchema = z.string().transform((text, context): Record<string, unknown> => {
  const value = parseJson(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  context.addIssue({ code: "custom", message: "It must be a JSON object." });
  return z.NEVER;
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

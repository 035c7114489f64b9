/** Errors on the wire: RFC 9457 problem details, `application/problem+json`. */
import { z } from "zod";
import { type ErrorCode, errorTable } from "../workstream-error.ts";

export const fieldProblemSchema = z.object({
  pointer: z.string().meta({ description: "JSON pointer (RFC 6901) to the field", examples: ["/content"] }),
  detail: z.string(),
});
export type FieldProblem = z.infer<typeof fieldProblemSchema>;

const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];

export const problemSchema = z.object({
  type: z.string().meta({ examples: ["urn:workstream:error:not_found"] }),
  title: z.string(),
  status: z.int(),
  detail: z.string().meta({ description: "A sentence to act on" }),
  code: z.enum(errorCodes).meta({ description: "Stable; see docs/errors.md" }),
  errors: z.array(fieldProblemSchema).meta({ description: "One entry per bad field; otherwise empty" }),
});
export type Problem = z.infer<typeof problemSchema>;

export function toProblem(code: ErrorCode, detail: string, errors: FieldProblem[] = []): Problem {
  const { status, title } = errorTable[code];
  return { type: `urn:workstream:error:${code}`, title, status, detail, code, errors };
}

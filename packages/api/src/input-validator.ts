/** Validation by the contracts, with every fault named by a JSON pointer. */
import { type FieldProblem, WorkstreamError } from "@workstream/core";
import type { FastifySchemaCompiler } from "fastify";
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** A JSON pointer (RFC 6901) to `path`. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function toFieldProblems(issue: Issue): FieldProblem[] {
  if (issue.code !== "unrecognized_keys")
    return [{ pointer: toPointer(issue.path), detail: detailOf(issue) }];
  return issue.keys.map((key) => ({
    pointer: toPointer([...issue.path, key]),
    detail: "There is no such field.",
  }));
}

function detailOf(issue: Issue): string {
  const isMissing = issue.code === "invalid_type" && issue.message.endsWith("received undefined");
  return isMissing ? "It is required." : issue.message;
}

/** One error for all `errors`; its sentence is about the first. */
export function invalidInput(errors: FieldProblem[]): WorkstreamError {
  const [first] = errors;
  const more = errors.length > 1 ? ` (${errors.length - 1} more in errors)` : "";
  const where = first?.pointer ? `${first.pointer}: ` : "";
  return new WorkstreamError("invalid_input", `${where}${first?.detail ?? "The input is invalid."}${more}`, {
    details: { errors },
  });
}

/** @throws invalid_input */
export function parseWith<T extends z.ZodType>(schema: T, data: unknown): z.output<T> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw invalidInput(parsed.error.issues.flatMap(toFieldProblems));
}

const missingBody = [{ pointer: "", detail: "A JSON body is required." }];

type RoutePart = { schema: unknown; httpPart?: string | undefined };

/** Fastify's validator compiler for every route. */
export function validateInput({ schema, httpPart }: RoutePart): ReturnType<FastifySchemaCompiler<unknown>> {
  return (data) => {
    // Fastify says null for a body that isn't there.
    const parsed = (schema as z.ZodType).safeParse(data ?? undefined);
    if (parsed.success) return { value: parsed.data };
    const isMissing = httpPart === "body" && data == null;
    return { error: invalidInput(isMissing ? missingBody : parsed.error.issues.flatMap(toFieldProblems)) };
  };
}

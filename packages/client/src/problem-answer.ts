import type { FieldProblem, Problem } from "@workstream/core";
import { ClientError } from "./client-error.ts";

export type Answer = { status: number; header(name: string): string | null; body: string };

/** The error for an answer that is not a 2xx, whoever sent it: a gateway, or a proxy before it. */
export function problemAnswer({ status, header, body }: Answer): ClientError {
  const problem = parseProblem(body);
  return new ClientError({
    kind: "problem",
    status,
    code: problem.code ?? null,
    detail: problem.detail ?? `The server answered ${status}, and not as a Workstream gateway does.`,
    errors: problem.errors ?? [],
    retryAfterMs: parseRetryAfter(header("retry-after"), Date.now()),
    requestId: header("x-request-id"),
  });
}

type ToldProblem = { code?: string; detail?: string; errors?: FieldProblem[] };

function parseProblem(body: string): ToldProblem {
  try {
    const { code, detail, errors }: Partial<Problem> = JSON.parse(body) ?? {};
    if (typeof code !== "string" || typeof detail !== "string") return {};
    return { code, detail, errors: Array.isArray(errors) ? errors : [] };
  } catch {
    return {};
  }
}

/** Seconds or an HTTP date, as RFC 9110 (10.2.3) has it; null for neither. */
export function parseRetryAfter(text: string | null, nowMs: number): number | null {
  if (text === null || text.trim() === "") return null;
  const seconds = Number(text);
  const waitMs = Number.isNaN(seconds) ? Date.parse(text) - nowMs : seconds * 1000;
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : null;
}

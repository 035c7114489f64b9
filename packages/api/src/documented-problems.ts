import { type ErrorCode, errorTable, problemSchema } from "@workstream/core";
import { problemMediaType } from "./problem.ts";

type ProblemAnswer = {
  description: string;
  content: { [problemMediaType]: { schema: typeof problemSchema } };
};

/** What any route may answer, whatever it does. */
const everywhere = [
  "malformed_request",
  "unauthorized",
  "forbidden",
  "request_timeout",
  "too_large",
  "internal",
] as const satisfies ErrorCode[];

/** What every route that asks the store may answer. */
export const storeProblems = ["store_unavailable", "outcome_unknown"] as const satisfies ErrorCode[];

/** What every route that creates tasks may answer. */
export const creationProblems = [
  "invalid_input",
  "unknown_task_type",
  "idempotency_conflict",
  "unsupported_media_type",
  "too_many_requests",
  "store_full",
  ...storeProblems,
] as const satisfies ErrorCode[];

/** The problem answers of a route, for its response schema; each description names its codes in backticks. */
export function problems(...codes: readonly ErrorCode[]): Record<number, ProblemAnswer> {
  const byStatus = new Map<number, Set<ErrorCode>>();
  for (const code of [...everywhere, ...codes]) {
    const { status } = errorTable[code];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [status, problemAnswer([...ofStatus])]),
  );
}

function problemAnswer(codes: readonly ErrorCode[]): ProblemAnswer {
  return {
    description: codes.map((code) => `\`${code}\` ${errorTable[code].title}`).join(" · "),
    content: { [problemMediaType]: { schema: problemSchema } },
  };
}

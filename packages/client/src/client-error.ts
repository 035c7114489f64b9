import type { FieldProblem } from "@workstream/core";

/**
 * - `problem`: the server answered, and not with a 2xx.
 * - `unreachable`: no answer, or one that broke off; whether the request took effect is not known.
 * - `timeout`: none in time; the same holds.
 * - `aborted`: by the caller's signal.
 * - `bad_answer`: a 2xx whose body is not what a Workstream gateway sends.
 */
export type ClientErrorKind = "problem" | "unreachable" | "timeout" | "aborted" | "bad_answer";

export type ClientErrorFacts = {
  kind: ClientErrorKind;
  detail: string;
  status?: number | null;
  code?: string | null;
  errors?: readonly FieldProblem[];
  retryAfterMs?: number | null;
  requestId?: string | null;
  cause?: unknown;
};

const brand = Symbol.for("workstream.client-error");

/** What every method of the client throws. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly kind: ClientErrorKind;
  /** Null where no answer came. */
  readonly status: number | null;
  /** From docs/errors.md; null where the answer has none, as that of a proxy in between. */
  readonly code: string | null;
  /** A sentence to act on; `message` is the same. */
  readonly detail: string;
  readonly errors: readonly FieldProblem[];
  readonly retryAfterMs: number | null;
  /** Under which the gateway's log has it. */
  readonly requestId: string | null;

  constructor({ kind, detail, cause, ...facts }: ClientErrorFacts) {
    super(detail, cause === undefined ? {} : { cause });
    this.kind = kind;
    this.detail = detail;
    this.status = facts.status ?? null;
    this.code = facts.code ?? null;
    this.errors = facts.errors ?? [];
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.requestId = facts.requestId ?? null;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Also true for an error of another copy of this package. */
export function isClientError(error: unknown): error is ClientError {
  return typeof error === "object" && error !== null && brand in error;
}

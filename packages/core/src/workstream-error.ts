/**
 * One error type, one table. The code says what happened; the table says what the gateway answers and whether
 * trying again can help. Tests tie this table to docs/errors.md and to the OpenAPI document, both ways.
 */
type ErrorRow = { status: number; title: string; retryable: boolean };

export const errorTable = {
  invalid_input: { status: 422, title: "Invalid input", retryable: false },
  unknown_task_type: { status: 404, title: "Unknown task type", retryable: false },
  unknown_queue: { status: 422, title: "Unknown queue", retryable: false },
  unknown_service: { status: 404, title: "Unknown service", retryable: false },
  not_a_pdf: { status: 400, title: "Not a PDF", retryable: false },
  malformed_request: { status: 400, title: "Malformed request", retryable: false },
  invalid_state: { status: 400, title: "The task's state forbids this", retryable: false },
  unauthorized: { status: 401, title: "No key, or a wrong one", retryable: false },
  forbidden: { status: 403, title: "Not allowed", retryable: false },
  not_found: { status: 404, title: "Not found", retryable: false },
  idempotency_conflict: { status: 409, title: "Idempotency key reused with another body", retryable: false },
  too_large: { status: 413, title: "Too large", retryable: false },
  unsupported_media_type: { status: 415, title: "Unsupported media type", retryable: false },
  too_many_requests: { status: 429, title: "Too many requests", retryable: true },
  store_unavailable: { status: 503, title: "The store can't be reached", retryable: true },
  store_full: { status: 503, title: "The store is full", retryable: true },
  outcome_unknown: { status: 503, title: "The store did not answer in time", retryable: true },
  request_timeout: { status: 408, title: "The request took too long", retryable: true },
  internal: { status: 500, title: "Internal error", retryable: false },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

type ErrorOptions = { details?: Record<string, unknown>; cause?: unknown };

/** An expected fault. `message` is one sentence that says what to do; `details` are the facts behind it. */
export class WorkstreamError extends Error {
  override readonly name = "WorkstreamError";
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, { details = {}, cause }: ErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  get title(): string {
    return errorTable[this.code].title;
  }

  get isRetryable(): boolean {
    return errorTable[this.code].retryable;
  }
}

export function isErrorCode(error: unknown, ...codes: ErrorCode[]): error is WorkstreamError {
  return error instanceof WorkstreamError && codes.includes(error.code);
}

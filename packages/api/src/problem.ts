/**
 * Every error that leaves the gateway: RFC 9457 problem details from the one table in core, Fastify's and Node's own
 * errors included. What nobody foresaw is logged under the request's id and says nothing but that id.
 */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { type ErrorCode, errorTable, type FieldProblem, toProblem, WorkstreamError } from "@workstream/core";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hangUpOnLongBody } from "./hang-up.ts";

export const problemMediaType = "application/problem+json";
const defaultRetrySeconds = 5;

const foreignCodes: Record<string, ErrorCode> = {
  FST_ERR_BAD_URL: "not_found",
  FST_ERR_MAX_PARAM_LENGTH: "not_found",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported_media_type",
  FST_INVALID_MULTIPART_CONTENT_TYPE: "unsupported_media_type",
  FST_ERR_CTP_BODY_TOO_LARGE: "too_large",
};

const codesByStatus: Record<number, ErrorCode> = {
  400: "malformed_request",
  404: "not_found",
  406: "malformed_request",
  408: "request_timeout",
  413: "too_large",
  415: "unsupported_media_type",
  429: "too_many_requests",
};

const foreignDetails: Partial<Record<ErrorCode, string>> = {
  not_found: "There is nothing at this path.",
  unsupported_media_type: "The body's Content-Type is not one that this path takes; see /docs.",
  too_large: "The body is larger than this path takes.",
  malformed_request: "The request can't be read: check its body against its Content-Type.",
};

/** Gives every error its row of the table. Errors that are not ours keep nothing but their kind. */
function toWorkstreamError(error: FastifyError | Error): WorkstreamError {
  if (error instanceof WorkstreamError) return error;
  const { code: foreignCode = "", statusCode = 500 } = error as Partial<FastifyError>;
  const code = foreignCodes[foreignCode] ?? codesByStatus[statusCode] ?? "internal";
  return new WorkstreamError(code, foreignDetails[code] ?? errorTable[code].title, { cause: error });
}

export function sendProblem(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const known = toWorkstreamError(error);
  logProblem(known, error, request);
  if (known.isRetryable)
    reply.header("retry-after", String(known.details.retry_after_seconds ?? defaultRetrySeconds));
  if (known.code === "unauthorized") reply.header("www-authenticate", "Bearer");
  hangUpOnLongBody(request, reply);
  const body = toProblem(known.code, detailOf(known, request), fieldProblems(known));
  // As bytes, because Fastify adds a charset to text, and JSON has none.
  return reply
    .code(known.status)
    .type(problemMediaType)
    .send(Buffer.from(JSON.stringify(body)));
}

function logProblem(known: WorkstreamError, error: Error, request: FastifyRequest): void {
  if (known.code === "internal") request.log.error({ err: error }, "a request failed unexpectedly");
  else if (known.status >= 500) request.log.warn({ err: known }, "a request could not be served");
}

function detailOf(error: WorkstreamError, request: FastifyRequest): string {
  if (error.code === "internal")
    return `Something went wrong here. The log has it under request ${request.id}.`;
  if (error.code === "outcome_unknown" && typeof error.details.task_id === "string") {
    return (
      `The task may have been accepted: GET /api/v1/tasks/${error.details.task_id}, ` +
      "or repeat the request with the same Idempotency-Key."
    );
  }
  return error.message;
}

function fieldProblems(error: WorkstreamError): FieldProblem[] {
  return Array.isArray(error.details.errors) ? error.details.errors : [];
}

const clientErrors: Record<string, { code: ErrorCode; detail: string }> = {
  ERR_HTTP_REQUEST_TIMEOUT: { code: "request_timeout", detail: "The request took too long to arrive." },
  HPE_HEADER_OVERFLOW: { code: "too_large", detail: "The request's headers are too large." },
};
const malformed = {
  code: "malformed_request",
  detail: "This is not a request that HTTP/1.1 allows.",
} as const;

/** Answers what Node's parser refused, before there is a request to speak of. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const { code, detail } = clientErrors[error.code ?? ""] ?? malformed;
  const { status } = errorTable[code];
  const body = JSON.stringify(toProblem(code, detail));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  if (socket.writable) socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  socket.destroySoon();
}

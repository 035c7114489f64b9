import { type ErrorType, errorTypes, isErrorCode, maxErrorLength } from "@workstream/core";
import { verdictOf } from "../definition/verdict.ts";
import { isServiceRefused } from "../guard/service-refused.ts";

/** What a thrown value says about a failed attempt. */
export type Failure = { errorType: ErrorType; message: string; retryAfterMs: number | null };

export function failureOf(thrown: unknown): Failure {
  const verdict = verdictOf(thrown);
  const message = errorText(thrown);
  if (verdict?.kind === "fail") {
    return { errorType: knownType(verdict.errorType), message, retryAfterMs: verdict.retryAfterMs };
  }
  const refusal = causes(thrown).find(isServiceRefused);
  if (!refusal) return { errorType: errorTypeOf(thrown), message, retryAfterMs: null };
  const errorType = refusal.reason === "limited" ? "RateLimitError" : "ServiceUnavailable";
  return { errorType, message, retryAfterMs: refusal.retryInMs };
}

/** A verdict of another copy of this package, or of plain JavaScript, may name a type that has no schedule. */
function knownType(errorType: ErrorType): ErrorType {
  return errorTypes.includes(errorType) ? errorType : "Default";
}

/** Codes of Node and undici: the other side did not answer in time. */
const timeoutCodes = new Set([
  "ETIMEDOUT",
  "ESOCKETTIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);
/** Codes of Node and undici: the other side is not there, or went away. */
const unavailableCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "UND_ERR_SOCKET",
]);

/**
 * The type of an error that no one typed: by its cause, since fetch wraps a refused connection in "fetch
 * failed".
 */
function errorTypeOf(thrown: unknown): ErrorType {
  for (const error of causes(thrown)) {
    if (error.name === "TimeoutError") return "NetworkTimeout";
    if (isErrorCode(error, "store_unavailable", "outcome_unknown")) return "ServiceUnavailable";
    const code: unknown = Reflect.get(error, "code");
    if (typeof code !== "string") continue;
    if (timeoutCodes.has(code)) return "NetworkTimeout";
    if (unavailableCodes.has(code)) return "ServiceUnavailable";
  }
  return "Default";
}

/** The message with those of its causes, cut to what the stores keep. */
export function errorText(thrown: unknown): string {
  const messages = causes(thrown).map((error) => error.message || error.name);
  const distinct = messages.filter((message, index) => !messages.slice(0, index).includes(message));
  const text = distinct.length > 0 ? distinct.join(": ") : `Thrown: ${printed(thrown)}`;
  return text.slice(0, maxErrorLength);
}

const maxCauses = 4;

/** The error and its causes, outermost first; empty when something else than an error was thrown. */
export function causes(thrown: unknown): Error[] {
  const chain: Error[] = [];
  let current = thrown;
  while (isErrorLike(current) && chain.length < maxCauses) {
    chain.push(current);
    current = current.cause;
  }
  return chain;
}

/** By shape: an error from another realm (a vm, a worker thread) is no instance of our Error. */
function isErrorLike(value: unknown): value is Error {
  if (typeof value !== "object" || value === null) return false;
  return typeof Reflect.get(value, "message") === "string" && typeof Reflect.get(value, "name") === "string";
}

function printed(value: unknown): string {
  try {
    return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

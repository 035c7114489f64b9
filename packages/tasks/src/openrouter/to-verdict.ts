import { taskError } from "@workstream/worker";
import { OpenRouterError } from "./openrouter-error.ts";

/**
 * What a handler throws on when a call failed: an OpenRouterError as the verdict with its error type and its least wait;
 * anything else, such as the guard's own verdict or an abort, as it is.
 */
export function toVerdict(error: unknown): unknown {
  if (!(error instanceof OpenRouterError)) return error;
  const { errorType, message, retryAfterMs } = error;
  return taskError(errorType, message, { cause: error, ...(retryAfterMs !== null && { retryAfterMs }) });
}

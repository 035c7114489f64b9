import { CallTimeout } from "./call-timer.ts";
import { faultMeanings } from "./fault-kind.ts";
import { OpenRouterError } from "./openrouter-error.ts";
import { type FaultOrigin, factsOf } from "./reported-fault.ts";

/** The address is right and a server was there; time or the network failed. */
const passingCodes = new Set([
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_SOCKET",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
]);

/** The fault in a call to which no full answer came, from what fetch threw. That is not kept: it may name the key. */
export function transportFault(error: unknown, host: string): OpenRouterError {
  if (error instanceof CallTimeout) {
    return new OpenRouterError({ ...faultMeanings.timeout, message: `${host}: ${error.message}.` });
  }
  const code = codeOf(error);
  const isPassing = code !== null && passingCodes.has(code);
  const message = isPassing
    ? `The connection to ${host} broke (${code}).`
    : `${host} can't be reached (${code ?? "the request failed"}).`;
  const meaning = isPassing ? faultMeanings.timeout : faultMeanings.unavailable;
  return new OpenRouterError({ ...meaning, message, facts: { code } });
}

/** The stream ended well, and too early. */
export function cutStream(origin: FaultOrigin): OpenRouterError {
  const message = `${origin.host} ended its answer in the middle.`;
  return new OpenRouterError({ ...faultMeanings.timeout, message, facts: factsOf(origin) });
}

/** An answer came and can't be read. `what` completes "… sent". */
export function unreadableAnswer(what: string, origin: FaultOrigin): OpenRouterError {
  const message = `${origin.host} sent ${what}.`;
  return new OpenRouterError({ ...faultMeanings.unreadable, message, facts: factsOf(origin) });
}

/** fetch wraps the network's error; a body that ends early without one is a TypeError `terminated`. */
function codeOf(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
    if (cause.message === "terminated" && cause.cause === undefined) return "UND_ERR_SOCKET";
  }
  return null;
}

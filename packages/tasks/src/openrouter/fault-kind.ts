/**
 * What a reported error means: for the task, for the service's status, and for the breaker.
 *
 * The breaker counts what every other call would meet as well. That includes a key that is not accepted and credits that
 * are used up, or a model that does not exist, though they are no fault of the service: only an operator can mend them,
 * and meanwhile the fleet must stop calling instead of burying one task after another. So they have the short schedule of
 * ServiceUnavailable; what is not yet failed is parked by the open breaker and runs once the configuration is right.
 */
import type { ErrorType, OpenRouterStatus } from "@workstream/core";

type Meaning = { errorType: ErrorType; state: OpenRouterStatus; isServiceFault: boolean };

export const faultMeanings = {
  /** Known before anything is sent: another process may well have the key. */
  key_missing: { errorType: "ServiceUnavailable", state: "api_key_missing", isServiceFault: false },
  key_invalid: { errorType: "ServiceUnavailable", state: "api_key_invalid", isServiceFault: true },
  credits_exhausted: { errorType: "InsufficientCredits", state: "credits_exhausted", isServiceFault: true },
  budget_spent: { errorType: "InsufficientCredits", state: "credits_exhausted", isServiceFault: true },
  /** Cheaper requests may still be served. */
  request_too_expensive: {
    errorType: "InsufficientCredits",
    state: "credits_exhausted",
    isServiceFault: false,
  },
  in_flight_budget: { errorType: "RateLimitError", state: "rate_limited", isServiceFault: true },
  rate_limited: { errorType: "RateLimitError", state: "rate_limited", isServiceFault: true },
  overloaded: { errorType: "ServiceUnavailable", state: "service_unavailable", isServiceFault: true },
  unavailable: { errorType: "ServiceUnavailable", state: "service_unavailable", isServiceFault: true },
  timeout: { errorType: "NetworkTimeout", state: "service_unavailable", isServiceFault: true },
  unreadable: { errorType: "ServiceUnavailable", state: "error", isServiceFault: true },
  /** The model or the address, as configured: every other call meets it too. */
  misconfigured: { errorType: "ServiceUnavailable", state: "error", isServiceFault: true },
  /** The model can't do what this request asks for, such as read images; texts may go on. */
  unsupported: { errorType: "PermanentError", state: "error", isServiceFault: false },
  /** The input, not the service: `active`. */
  invalid_request: { errorType: "ValidationError", state: "active", isServiceFault: false },
  refused: { errorType: "PermanentError", state: "active", isServiceFault: false },
} as const satisfies Record<string, Meaning>;

export type FaultKind = keyof typeof faultMeanings;

/** OpenRouter's `error_type`, and the string codes that OpenAI-compatible servers use in its place. */
const kindsByErrorType: Partial<Record<string, FaultKind>> = {
  authentication: "key_invalid",
  invalid_api_key: "key_invalid",
  payment_required: "credits_exhausted",
  insufficient_quota: "credits_exhausted",
  token_limit_exceeded: "request_too_expensive",
  rate_limit_exceeded: "rate_limited",
  provider_overloaded: "overloaded",
  provider_unavailable: "unavailable",
  server: "unavailable",
  timeout: "timeout",
  not_found: "misconfigured",
  model_not_found: "misconfigured",
  precondition_failed: "invalid_request",
  context_length_exceeded: "invalid_request",
  max_tokens_exceeded: "invalid_request",
  string_too_long: "invalid_request",
  invalid_request: "invalid_request",
  invalid_prompt: "invalid_request",
  payload_too_large: "invalid_request",
  unprocessable: "invalid_request",
  invalid_image: "invalid_request",
  image_too_large: "invalid_request",
  image_too_small: "invalid_request",
  unsupported_image_format: "invalid_request",
  image_not_found: "invalid_request",
  image_download_failed: "invalid_request",
  content_policy_violation: "refused",
  refusal: "refused",
};

const kindsByCode: Partial<Record<number, FaultKind>> = {
  400: "invalid_request",
  401: "key_invalid",
  402: "credits_exhausted",
  408: "timeout",
  412: "invalid_request",
  413: "invalid_request",
  415: "invalid_request",
  422: "invalid_request",
  429: "rate_limited",
  503: "overloaded",
  504: "timeout",
  522: "timeout",
  524: "timeout",
  529: "overloaded",
};

/** What OpenRouter says with a 400 where others answer 404. */
const unknownModel = /^\S+ is not a valid model ID\b/i;
/** And with a 404 of a model that it has: "that support image input", "that can handle the requested parameters". */
const lacksAbility = /^No endpoints found that /i;

const budgetSources = ["openrouter_guardrail_budget", "openrouter_workspace_budget", "openrouter_key_limit"];

export type ReportedCode = {
  code: number;
  errorType: string | null;
  /** Empty where the service gave none. */
  metadata: Readonly<Record<string, unknown>>;
  message: string;
};

/**
 * By `error_type` where there is one, else by the code; 402 and 403 have several meanings, told by their metadata. What is
 * wrong with a model is told by words alone.
 */
export function faultKind({ code, errorType, metadata, message }: ReportedCode): FaultKind {
  if (unknownModel.test(message)) return "misconfigured";
  if (code === 404 && lacksAbility.test(message)) return "unsupported";
  const typed = kindsByErrorType[errorType ?? ""];
  if (code === 403 && typed === undefined) return forbiddenKind(metadata);
  const kind = typed ?? kindsByCode[code] ?? (code >= 500 ? "unavailable" : "misconfigured");
  return kind === "credits_exhausted" ? paymentKind(metadata) : kind;
}

function paymentKind({ limit_source: source, reason }: ReportedCode["metadata"]): FaultKind {
  if (source === "openrouter_in_flight_budget") return "in_flight_budget";
  return reason === "weight_exceeds_budget" ? "request_too_expensive" : "credits_exhausted";
}

/** A spent budget, a moderator or a guardrail that refused this input, or a key that lacks the permission. */
function forbiddenKind(metadata: ReportedCode["metadata"]): FaultKind {
  const isBudget = budgetSources.includes(String(metadata.limit_source)) || "resets_at" in metadata;
  if (isBudget) return "budget_spent";
  const isRefusal = ["reasons", "flagged_input", "patterns"].some((field) => field in metadata);
  return isRefusal ? "refused" : "misconfigured";
}

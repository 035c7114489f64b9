import type { FaultRule } from "./control.ts";
import type { FaultName } from "./fault-name.ts";

/** What a fault answers before anything is generated, as OpenRouter's documentation has it. */
export type FaultAnswer = { status: number; headers: Record<string, string>; body: string };

type Sketch = { status: number; message: string; metadata?: Record<string, unknown> };

const plain: Partial<Record<FaultName, Sketch>> = {
  "context-too-long": {
    status: 400,
    message: "This endpoint's maximum context length is exceeded.",
    metadata: { error_type: "context_length_exceeded" },
  },
  "key-invalid": { status: 401, message: "User not found." },
  "credits-exhausted": {
    status: 402,
    message: "Insufficient credits. Add more to go on.",
    metadata: { limit_source: "openrouter_credits" },
  },
  "in-flight-budget": {
    status: 402,
    message: "Requests under way fill the budget. Try again when they have settled.",
    metadata: { reason: "in_flight_budget_exhausted", limit_source: "openrouter_in_flight_budget" },
  },
  "request-too-expensive": {
    status: 402,
    message: "This request alone costs more than the budget.",
    metadata: { reason: "weight_exceeds_budget", limit_source: "openrouter_credits" },
  },
  moderation: {
    status: 403,
    message: "The input was flagged.",
    metadata: { reasons: ["violence"], flagged_input: "…", provider_name: "Fake", model_slug: "fake" },
  },
  guardrail: {
    status: 403,
    message: "Request blocked: prompt injection patterns detected",
    metadata: { patterns: ["ignore all previous instructions"] },
  },
  "budget-spent": {
    status: 403,
    message: "Budget limit exceeded.",
    metadata: { limit_source: "openrouter_guardrail_budget", scope: "key", limit_usd: 5, spend_usd: 5 },
  },
  "model-missing": { status: 404, message: "No endpoints found for this model." },
  "request-timeout": { status: 408, message: "The request timed out." },
  "too-large": { status: 413, message: "The request is too large." },
  unprocessable: { status: 422, message: "The request can't be processed." },
  "rate-limit": {
    status: 429,
    message: "Rate limit exceeded",
    metadata: { error_type: "rate_limit_exceeded" },
  },
  "server-error": { status: 500, message: "Internal Server Error", metadata: { error_type: "server" } },
  "provider-unavailable": {
    status: 502,
    message: "Provider returned error",
    metadata: { error_type: "provider_unavailable", provider_name: "Fake" },
  },
  overloaded: {
    status: 503,
    message: "The provider is overloaded.",
    metadata: { error_type: "provider_overloaded" },
  },
  "gateway-timeout": { status: 504, message: "The provider did not answer in time." },
};

/** Null for a fault that shows within an answer, or on the connection. */
export function faultAnswer(rule: FaultRule, authorization: string, nowMs: number): FaultAnswer | null {
  if (rule.fault === "down") {
    const body = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>";
    return { status: 503, headers: { "content-type": "text/html" }, body };
  }
  const sketch = plain[rule.fault];
  if (sketch === undefined) return null;
  const headers = { "content-type": "application/json", ...hintHeaders(rule, nowMs) };
  const error = errorObject(rule, { ...sketch, authorization }, nowMs);
  return { status: sketch.status, headers, body: JSON.stringify({ error }) };
}

/** The error that stands inside a 200 or a stream. */
export function innerError(rule: FaultRule, authorization: string, nowMs: number): unknown {
  const status = rule.code ?? 502;
  const metadata = { error_type: rule.errorType ?? "provider_unavailable" };
  return errorObject(
    rule,
    { status, message: "Provider disconnected mid-stream", metadata, authorization },
    nowMs,
  );
}

function errorObject(
  rule: FaultRule,
  { status, message, metadata = {}, authorization }: Sketch & { authorization: string },
  nowMs: number,
): unknown {
  const resetsAt = rule.resetsInSeconds === undefined ? null : nowMs + rule.resetsInSeconds * 1000;
  const said = rule.message ?? message;
  return {
    code: rule.code ?? status,
    message: rule.echoesKey ? `${said} (you sent ${authorization})` : said,
    metadata: {
      ...metadata,
      ...(rule.errorType !== undefined && { error_type: rule.errorType }),
      ...(resetsAt !== null && { resets_at: new Date(resetsAt).toISOString() }),
    },
    ...(rule.availability && { availability: rule.availability }),
  };
}

function hintHeaders(rule: FaultRule, nowMs: number): Record<string, string> {
  const { retryAfterSeconds, rateLimit, resetInMs = 60_000 } = rule;
  return {
    ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
    ...(rateLimit !== undefined && {
      "x-ratelimit-limit": String(rateLimit),
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(Math.round(nowMs + resetInMs)),
    }),
  };
}

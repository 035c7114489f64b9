import type { ErrorType } from "@workstream/core";
import { z } from "zod";
import type { ChatUsage } from "./chat-model.ts";
import { type FaultKind, faultKind, faultMeanings } from "./fault-kind.ts";
import { type Fault, type FaultFacts, OpenRouterError } from "./openrouter-error.ts";
import { quote } from "./redact-key.ts";
import { type RetryHint, retryHint, waitUntil } from "./retry-hint.ts";

const looseObject = z.record(z.string(), z.unknown());

/** `error` of an answer. Some servers write a bare sentence in its place, or letters for a code. */
const reportSchema = z.preprocess(
  (error) => (typeof error === "string" ? { message: error } : error),
  z.object({
    code: z.union([z.number(), z.string()]).nullish().catch(null),
    message: z.string().nullish().catch(null),
    metadata: looseObject.nullish().catch(null),
    availability: z
      .object({ retryable: z.boolean().nullish(), retry_after: z.number().nullish() })
      .nullish()
      .catch(null),
  }),
);
type Report = z.output<typeof reportSchema>;

/** Where a fault was reported: with a status of its own, inside a 200, or inside a stream. */
export type FaultOrigin = {
  /** The host that answered, for people. */
  host: string;
  status: number;
  headers: Headers;
  apiKey: string | null;
  usage?: ChatUsage | null;
};

export function factsOf({ status, headers }: FaultOrigin): Pick<FaultFacts, "status" | "generationId"> {
  return { status, generationId: headers.get("x-generation-id") };
}

/** Reads `error` of an answer: an object, a sentence, or whatever else stands there. */
export function reportedFault(error: unknown, origin: FaultOrigin): OpenRouterError {
  const report = reportSchema.safeParse(error).data ?? { message: JSON.stringify(error) };
  const code = codeOf(report, origin.status);
  const { metadata, message } = report;
  const reported = { code, errorType: errorTypeOf(report), metadata: metadata ?? {}, message: message ?? "" };
  return faultOfKind(faultKind(reported), report, origin);
}

/** An answer with an error status whose body is no error object, such as a proxy's page. */
export function unexplainedFault(body: string, origin: FaultOrigin): OpenRouterError {
  const message = body
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (origin.status !== 403) return reportedFault({ message }, origin);
  // OpenRouter explains every 403. One without words comes from something in between, which may let the next call pass.
  return faultOfKind("unavailable", { message }, origin);
}

function faultOfKind(kind: FaultKind, report: Report, origin: FaultOrigin): OpenRouterError {
  const { metadata, availability } = report;
  const { headers, apiKey } = origin;
  const retryAfterSeconds = availability?.retry_after ?? null;
  const hint = retryHint({ headers, metadata: metadata ?? {}, retryAfterSeconds });
  const errorType = errorTypeOf(report);
  return new OpenRouterError({
    ...meaningOf(kind, hint, metadata?.resets_at),
    errorType: errorTypeAfter(kind, availability?.retryable ?? null),
    message: `${origin.host} answered ${codeOf(report, origin.status)}: ${quote(reasonIn(report), apiKey)}${advice[kind] ?? ""}`,
    usage: origin.usage ?? null,
    facts: {
      ...factsOf(origin),
      code: quote(String(report.code ?? origin.status), apiKey),
      providerErrorType: errorType && quote(errorType, apiKey),
    },
  });
}

const advice: Partial<Record<FaultKind, string>> = {
  key_invalid: " (correct OPENROUTER_API_KEY)",
  misconfigured: " (check OPENROUTER_MODEL and OPENROUTER_BASE_URL)",
  unsupported: " (OPENROUTER_MODEL can't do this)",
};

function errorTypeOf({ code, metadata }: Report): string | null {
  if (typeof metadata?.error_type === "string") return metadata.error_type;
  return typeof code === "string" && Number.isNaN(Number(code)) ? code : null;
}

function codeOf({ code }: Report, status: number): number {
  const told = Number(code ?? Number.NaN);
  if (told >= 400) return told;
  return status >= 300 ? status : 500;
}

/** A refusal that names its end holds everybody; one that does not is left to the breaker. */
function meaningOf(
  kind: FaultKind,
  { waitMs, learnedLimit }: RetryHint,
  resetsAt: unknown,
): Omit<Fault, "message"> {
  const meaning = faultMeanings[kind];
  switch (kind) {
    case "rate_limited":
    case "in_flight_budget":
      return { ...meaning, holdMs: waitMs, isServiceFault: waitMs === null, learnedLimit };
    case "overloaded":
      return { ...meaning, holdMs: waitMs };
    case "budget_spent":
      return { ...meaning, retryAfterMs: waitUntil(resetsAt) };
    default:
      return { ...meaning, retryAfterMs: waitMs };
  }
}

const operatorsFaults: readonly FaultKind[] = [
  "key_invalid",
  "credits_exhausted",
  "budget_spent",
  "misconfigured",
];
const hopeless: readonly ErrorType[] = ["PermanentError", "ValidationError"];

/** `availability.retryable` decides where it is given, but for what an operator can mend. */
function errorTypeAfter(kind: FaultKind, isRetryable: boolean | null): ErrorType {
  const { errorType } = faultMeanings[kind];
  if (isRetryable === null || operatorsFaults.includes(kind)) return errorType;
  const isHopeless = hopeless.includes(errorType);
  if (isRetryable) return isHopeless ? "ServiceUnavailable" : errorType;
  return isHopeless ? errorType : "PermanentError";
}

function reasonIn({ message, metadata }: Report): string {
  const reason = message || "no reason was given";
  return typeof metadata?.raw === "string" ? `${reason} (${metadata.raw})` : reason;
}

/** One row a form of error: what it does to the task, to the service's state, to the breaker and to the limiter. */
import { decideRetry, type ErrorType, type OpenRouterStatus } from "@workstream/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FakeOpenRouterControl } from "../fake-openrouter.ts";
import type { OpenRouterError } from "./openrouter-error.ts";
import { classifyChatCall } from "./openrouter-service.ts";
import { faultOf, openFake, testKey } from "./openrouter-test.fixture.ts";

type Rule = NonNullable<FakeOpenRouterControl["rules"]>[number];
type Row = {
  form: string;
  rule: Rule;
  errorType: ErrorType;
  state: OpenRouterStatus;
  breaker: "failure" | "ignored";
  /** Seconds for which the fleet is held. */
  hold?: number;
  /** Seconds until the task's first retry; absent: straight to the dead letters. */
  retry?: number;
};

let stage: Awaited<ReturnType<typeof openFake>>;
beforeAll(async () => {
  stage = await openFake();
});
afterAll(() => stage.fake.close());

const valid = { errorType: "ValidationError", state: "active", breaker: "ignored" } as const;
const refused = { errorType: "PermanentError", state: "active", breaker: "ignored" } as const;
const credits = { errorType: "InsufficientCredits", state: "credits_exhausted", retry: 300 } as const;
const limited = { errorType: "RateLimitError", state: "rate_limited" } as const;
const down = {
  errorType: "ServiceUnavailable",
  state: "service_unavailable",
  breaker: "failure",
  retry: 5,
} as const;
const slow = {
  errorType: "NetworkTimeout",
  state: "service_unavailable",
  breaker: "failure",
  retry: 2,
} as const;
const broken = { errorType: "ServiceUnavailable", state: "error", breaker: "failure", retry: 5 } as const;

const plainRows: Row[] = [
  { form: "400, the text is too long", rule: { fault: "context-too-long" }, ...valid },
  {
    form: "400, content policy",
    rule: { fault: "context-too-long", errorType: "content_policy_violation" },
    ...refused,
  },
  {
    form: "401",
    rule: { fault: "key-invalid" },
    errorType: "ServiceUnavailable",
    state: "api_key_invalid",
    breaker: "failure",
    retry: 5,
  },
  { form: "402, credits", rule: { fault: "credits-exhausted" }, ...credits, breaker: "failure" },
  {
    form: "402, one request too dear",
    rule: { fault: "request-too-expensive" },
    ...credits,
    breaker: "ignored",
  },
  {
    form: "402, budget in flight",
    rule: { fault: "in-flight-budget", retryAfterSeconds: 7 },
    ...limited,
    breaker: "ignored",
    hold: 7,
    retry: 120,
  },
  { form: "403, moderation", rule: { fault: "moderation" }, ...refused },
  { form: "403, guardrail", rule: { fault: "guardrail" }, ...refused },
  {
    form: "403, budget until an instant",
    rule: { fault: "budget-spent", resetsInSeconds: 1_000 },
    ...credits,
    breaker: "failure",
    retry: 1_000,
  },
  { form: "404", rule: { fault: "model-missing" }, ...broken },
  {
    form: "400, no such model",
    rule: { fault: "context-too-long", errorType: "invalid_request", message: "a/b is not a valid model ID" },
    ...broken,
  },
  {
    form: "404, a model that reads no images",
    rule: { fault: "model-missing", message: "No endpoints found that support image input" },
    errorType: "PermanentError",
    state: "error",
    breaker: "ignored",
  },
  { form: "408", rule: { fault: "request-timeout" }, ...slow },
  { form: "413", rule: { fault: "too-large" }, ...valid },
  { form: "422", rule: { fault: "unprocessable" }, ...valid },
  {
    form: "429 with Retry-After",
    rule: { fault: "rate-limit", retryAfterSeconds: 5 },
    ...limited,
    breaker: "ignored",
    hold: 5,
    retry: 120,
  },
  {
    form: "429 with a long Retry-After",
    rule: { fault: "rate-limit", retryAfterSeconds: 200 },
    ...limited,
    breaker: "ignored",
    hold: 200,
    retry: 200,
  },
  {
    form: "429 that names no time",
    rule: { fault: "rate-limit" },
    ...limited,
    breaker: "failure",
    retry: 120,
  },
  { form: "500", rule: { fault: "server-error" }, ...down },
  { form: "502", rule: { fault: "provider-unavailable" }, ...down },
  {
    form: "503 with Retry-After",
    rule: { fault: "overloaded", retryAfterSeconds: 9 },
    ...down,
    hold: 9,
    retry: 9,
  },
  { form: "504", rule: { fault: "gateway-timeout" }, ...slow },
  { form: "529", rule: { fault: "server-error", code: 529, errorType: "provider_overloaded" }, ...down },
  { form: "503 as a page of HTML", rule: { fault: "down" }, ...down },
  { form: "reset connection", rule: { fault: "reset" }, ...slow },
  { form: "cut answer", rule: { fault: "cut" }, ...slow },
  { form: "slow first byte", rule: { fault: "slow-first-byte", delayMs: 60_000 }, ...slow },
  { form: "slow drip", rule: { fault: "slow-drip", delayMs: 1_000 }, ...slow },
  { form: "broken JSON", rule: { fault: "broken-json" }, ...broken },
  { form: "an empty answer", rule: { fault: "empty-answer" }, ...down },
  { form: "a 200 with an error in its choice", rule: { fault: "error-in-choice" }, ...down },
  { form: "a 200 that is an error", rule: { fault: "error-in-body", code: 429 }, ...down },
  {
    form: "a 200 with a rate limit in it",
    rule: { fault: "error-in-body", code: 429, errorType: "rate_limit_exceeded" },
    ...limited,
    breaker: "failure",
    retry: 120,
  },
  {
    form: "availability: not to be repeated",
    rule: { fault: "overloaded", availability: { retryable: false } },
    errorType: "PermanentError",
    state: "service_unavailable",
    breaker: "failure",
  },
  {
    form: "availability: to be repeated in a while",
    rule: { fault: "provider-unavailable", availability: { retryable: true, retry_after: 42 } },
    ...down,
    retry: 42,
  },
  {
    form: "availability against a verdict for good",
    rule: { fault: "model-missing", availability: { retryable: true } },
    errorType: "ServiceUnavailable",
    state: "error",
    breaker: "failure",
    retry: 5,
  },
];

const streamRows: Row[] = [
  { form: "an error inside the stream", rule: { fault: "error-in-stream" }, ...down },
  {
    form: "a rate limit inside the stream",
    rule: { fault: "error-in-stream", code: 429, errorType: "rate_limit_exceeded" },
    ...limited,
    breaker: "failure",
    retry: 120,
  },
  {
    form: "a timeout inside the stream",
    rule: { fault: "error-in-stream", code: 504, errorType: "timeout" },
    ...slow,
  },
  { form: "cut stream", rule: { fault: "cut" }, ...slow },
  { form: "a stream that ends too early", rule: { fault: "short-stream" }, ...slow },
  { form: "broken JSON in a stream", rule: { fault: "broken-json" }, ...broken },
  { form: "no first byte", rule: { fault: "slow-first-byte", delayMs: 60_000 }, ...slow },
  { form: "a stream that stands still", rule: { fault: "slow-drip", delayMs: 60_000 }, ...slow },
  { form: "a stream that drips past its time", rule: { fault: "slow-drip", delayMs: 100 }, ...slow },
];

describe("a plain call", () => {
  it.each(plainRows)("$form", async (row) => {
    stage.tell({ rules: [{ ...row.rule, echoesKey: true } as Rule] });
    expectRow(await faultOf(stage.ask(limitsFor(row).plain)), row);
  });
});

describe("a streamed call", () => {
  it.each(streamRows)("$form", async (row) => {
    stage.tell({ rules: [{ ...row.rule, echoesKey: true } as Rule] });
    expectRow(await faultOf(stage.askStreaming(limitsFor(row).streamed)), row);
  });
});

/** Short where a row is about time; elsewhere a busy machine must not run into them. */
function limitsFor({ rule }: Row) {
  const isAboutTime = "fault" in rule && rule.fault.startsWith("slow-");
  const phaseLimits = { firstByteMs: 250, idleMs: 250 };
  const timeoutMs = 700;
  return isAboutTime
    ? { plain: { timeoutMs }, streamed: { timeoutMs, phaseLimits } }
    : { plain: {}, streamed: {} };
}

function expectRow(error: OpenRouterError, row: Row): void {
  const verdict = classifyChatCall({ kind: "threw", error, durationMs: 1 });
  expect({
    errorType: error.errorType,
    state: verdict.state,
    breaker: verdict.outcome,
    hold: verdict.holdMs === undefined ? undefined : verdict.holdMs / 1000,
  }).toEqual({ errorType: row.errorType, state: row.state, breaker: row.breaker, hold: row.hold });
  expectRetry(error, row.retry);
  expect(verdict.message === "").toBe(row.state === "active");
  expect(JSON.stringify([error, error.message, error.stack, verdict])).not.toContain(testKey);
}

function expectRetry({ errorType, retryAfterMs }: OpenRouterError, seconds: number | undefined): void {
  const attempt = { errorType, retryCount: 0, maxRetries: 3, ageMs: 0, maxAgeMs: 7_200_000 };
  const decision = decideRetry(retryAfterMs === null ? attempt : { ...attempt, retryAfterMs }, undefined, 0);
  if (seconds === undefined) expect(decision).toEqual({ kind: "give_up", reason: "permanent" });
  // An instant that was given is nearer by now.
  else
    expect(decision.kind === "retry" && Math.abs(decision.delayMs / 1000 - seconds)).toBeLessThan(
      Math.max(0.5, seconds / 20),
    );
}

import type { ErrorType, OpenRouterStatus, RateLimit } from "@workstream/core";
import type { ChatUsage } from "./chat-model.ts";

/** What is known of a fault beside its meaning. */
export type FaultFacts = {
  /** The HTTP status; null when no answer came. */
  status: number | null;
  /** The error's own code, which differs from the status inside a 200. */
  code: string | null;
  /** OpenRouter's `metadata.error_type`. */
  providerErrorType: string | null;
  /** `X-Generation-Id`: what OpenRouter's support asks for. */
  generationId: string | null;
};

export type Fault = {
  message: string;
  errorType: ErrorType;
  state: OpenRouterStatus;
  isServiceFault: boolean;
  holdMs?: number | null;
  retryAfterMs?: number | null;
  learnedLimit?: RateLimit | null;
  usage?: ChatUsage | null;
  facts?: Partial<FaultFacts>;
};

/** A call that brought no answer. It names no key: whatever the service wrote was redacted, and it has no cause. */
export class OpenRouterError extends Error {
  override readonly name = "OpenRouterError";
  /** Chooses the task's retry schedule. */
  readonly errorType: ErrorType;
  readonly state: OpenRouterStatus;
  /** No other call would do better now, so the breaker counts it. False: it says nothing of the service. */
  readonly isServiceFault: boolean;
  /** Nobody should call for this long; null when the service named no time. */
  readonly holdMs: number | null;
  /** The least wait before this task's next attempt; null: its schedule's. */
  readonly retryAfterMs: number | null;
  /** A limit that the service named with a refusal. */
  readonly learnedLimit: RateLimit | null;
  /** What was billed all the same, where it is told. */
  readonly usage: ChatUsage | null;
  readonly facts: FaultFacts;

  constructor(fault: Fault) {
    super(fault.message);
    this.errorType = fault.errorType;
    this.state = fault.state;
    this.isServiceFault = fault.isServiceFault;
    this.holdMs = fault.holdMs ?? null;
    this.retryAfterMs = fault.retryAfterMs ?? this.holdMs;
    this.learnedLimit = fault.learnedLimit ?? null;
    this.usage = fault.usage ?? null;
    this.facts = { status: null, code: null, providerErrorType: null, generationId: null, ...fault.facts };
  }
}

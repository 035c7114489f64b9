import type { GuardPolicy, RateLimit } from "@workstream/core";

/** Marks definitions, so that one made by another copy of this package is recognized. Never instanceof. */
export const serviceBrand: unique symbol = Symbol.for("workstream.service");

/** How a call ended. `durationMs` is measured around the whole call, the reading of its answer included. */
export type EndedCall = { durationMs: number } & (
  | { kind: "returned"; value: unknown }
  | { kind: "threw"; error: unknown }
);

/** What an ended call says of the service. */
export type CallVerdict = {
  /** `ignored`: it says nothing of the service, such as a 4xx that is our own fault. */
  outcome: "success" | "failure" | "ignored";
  /** One word for the service's state, such as `active` or `rate_limited`. Absent: its state stays as it is. */
  state?: string;
  /** A sentence about that state. */
  message?: string;
  /** It said when it will answer again (Retry-After): the whole fleet calls nobody for that long, at most 24 h. */
  holdMs?: number;
  /** A limit that the service itself named. */
  learnedLimit?: RateLimit;
  /** Of the service's own tokens; corrects the estimate that the call was let through with. */
  tokensUsed?: number;
  promptTokens?: number;
  completionTokens?: number;
  /** In the service's currency. */
  cost?: number;
};

/** A service that is called under guard, the same for the whole fleet. Made by `defineService`. */
export interface ServiceDefinition {
  readonly [serviceBrand]: true;
  readonly name: string;
  readonly policy: GuardPolicy;
  /** How long a call waits for its turn before it is sent away, ms. */
  readonly maxWaitMs: number;
  /** Calls slower than this count as failures; null: none does. */
  readonly slowCallMs: number | null;
  classify(call: EndedCall): CallVerdict;
}

export function isServiceDefinition(value: unknown): value is ServiceDefinition {
  return typeof value === "object" && value !== null && Reflect.get(value, serviceBrand) === true;
}

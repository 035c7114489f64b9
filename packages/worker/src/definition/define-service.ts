import {
  type BreakerPolicy,
  isRateLimit,
  parseRateLimit,
  type RateLimit,
  serviceNamePattern,
} from "@workstream/core";
import {
  type CallVerdict,
  type EndedCall,
  type ServiceDefinition,
  serviceBrand,
} from "./service-definition.ts";
import { verdictOf } from "./verdict.ts";

export type ServiceOptions = {
  /** `[a-z0-9][a-z0-9-]{0,63}`: part of key names. One limiter and one breaker per name, fleet-wide. */
  name: string;
  /** Calls per interval, and as many at once after a pause: `"230/10s"`. Null, the default: unlimited. */
  limit?: RateLimit | string | null;
  /** The service's own tokens per interval: `"100000/1m"`. Null, the default: unlimited. */
  tokenLimit?: RateLimit | string | null;
  breaker?: Partial<BreakerPolicy> & {
    /** Calls that took longer count as failures; 1 ms or more. Null, the default: none does. */
    slowCallMs?: number | null;
  };
  /** How long a call waits for its turn before it is sent away: 0–2,000 ms, 2,000 unless told. */
  maxWaitMs?: number;
  /**
   * Reads how a call ended. Default: what it threw is a failure of the service unless it is an AbortError or a
   * verdict of the handler; anything else is a success.
   */
  classify?(call: EndedCall): CallVerdict;
};

export const defaultBreakerPolicy: BreakerPolicy = {
  failureThreshold: 0.5,
  volumeThreshold: 10,
  windowMs: 60_000,
  openMs: 60_000,
  probes: 3,
  probeMs: 60_000,
  rampMs: 30_000,
};

const maxMaxWaitMs = 2000;
const dayMs = 24 * 3_600_000;

const breakerRanges: Record<keyof BreakerPolicy, { min: number; max: number; isWhole: boolean }> = {
  failureThreshold: { min: 0, max: 1, isWhole: false },
  volumeThreshold: { min: 1, max: 1_000_000, isWhole: true },
  windowMs: { min: 10_000, max: 600_000, isWhole: true },
  openMs: { min: 1, max: dayMs, isWhole: true },
  probes: { min: 1, max: 1000, isWhole: true },
  probeMs: { min: 1, max: dayMs, isWhole: true },
  rampMs: { min: 1, max: dayMs, isWhole: true },
};

/**
 * Defines a service that tasks call under guard: breaker, limiter, call, classify, record.
 * @throws TypeError that names the service, the field and what it must be
 */
export function defineService(options: ServiceOptions): ServiceDefinition {
  const { name, maxWaitMs = maxMaxWaitMs, classify = classifyPlainly } = options;
  const { slowCallMs = null, ...breaker } = options.breaker ?? {};
  const check: Check = (holds, rule) => {
    if (!holds) throw new TypeError(`Service ${JSON.stringify(name)}: ${rule}.`);
  };
  check(serviceNamePattern.test(name), `name must match ${serviceNamePattern.source}`);
  check(isWithin(maxWaitMs, 0, maxMaxWaitMs), `maxWaitMs must be from 0 to ${maxMaxWaitMs}`);
  check(
    slowCallMs === null || isWithin(slowCallMs, 1, dayMs),
    `breaker.slowCallMs must be from 1 to ${dayMs}`,
  );
  check(typeof classify === "function", "classify must be a function");
  const policy = {
    service: name,
    limit: limitFrom(options.limit ?? null, { field: "limit", example: "230/10s", check }),
    tokenLimit: limitFrom(options.tokenLimit ?? null, { field: "tokenLimit", example: "100000/1m", check }),
    breaker: breakerFrom(breaker, check),
  };
  return Object.freeze({
    ...{ [serviceBrand]: true as const, name, policy: Object.freeze(policy), maxWaitMs, slowCallMs },
    classify: (call: EndedCall) => classify(call),
  });
}

type Check = (holds: boolean, rule: string) => void;
type LimitField = { field: string; example: string; check: Check };

function limitFrom(
  given: RateLimit | string | null,
  { field, example, check }: LimitField,
): RateLimit | null {
  if (given === null) return null;
  const limit = typeof given === "string" ? parseRateLimit(given) : given;
  const range = "whole numbers, an interval in ms, s, m or h of at most 24 h";
  const form = `${field} must be like "${example}" or {requests, intervalMs} (${range})`;
  check(isRateLimit(limit), `${form}, not ${JSON.stringify(given)}`);
  const { requests, intervalMs } = limit as RateLimit;
  return Object.freeze({ requests, intervalMs });
}

function breakerFrom(given: Partial<BreakerPolicy>, check: Check): BreakerPolicy {
  for (const field of Object.keys(given)) {
    check(field in breakerRanges, `breaker.${field} is not one of ${Object.keys(breakerRanges).join(", ")}`);
  }
  const policy = { ...defaultBreakerPolicy, ...given };
  for (const [field, { min, max, isWhole }] of Object.entries(breakerRanges)) {
    const value = policy[field as keyof BreakerPolicy];
    const kind = isWhole ? "a whole number" : "a number";
    check(
      isWithin(value, min, max) && (!isWhole || Number.isInteger(value)),
      `breaker.${field} must be ${kind} from ${min} to ${max}, not ${value}`,
    );
  }
  return Object.freeze(policy);
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isFinite(value) && value >= min && value <= max;
}

/** Error types that lay the fault with the task, not with the service. */
const ownFaults = new Set(["PermanentError", "DependencyError", "ValidationError"]);

function classifyPlainly(call: EndedCall): CallVerdict {
  if (call.kind === "returned") return { outcome: "success" };
  const verdict = verdictOf(call.error);
  if (verdict) {
    const isServiceFault = verdict.kind === "fail" && !ownFaults.has(verdict.errorType);
    return { outcome: isServiceFault ? "failure" : "ignored" };
  }
  const isAbort = call.error instanceof Error && call.error.name === "AbortError";
  return { outcome: isAbort ? "ignored" : "failure" };
}

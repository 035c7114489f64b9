/** What may be done to the guards of a service, chosen at random. Turns are named by how recently they were given. */
import type { BreakerPolicy, CallRecord, RateLimit, TurnRequest } from "@workstream/core";
import fc from "fast-check";
import { guardPolicy } from "../guard-driver.ts";

export type GuardOperation =
  | { do: "acquire"; requests: TurnRequest[]; maxWaitMs: number }
  | { do: "confirm"; which: number[]; maxWaitMs: number }
  | { do: "cancel"; which: number[] }
  | { do: "record"; calls: { which: number; call: Omit<CallRecord, "turn"> }[] }
  | { do: "configure" | "changeLimit"; limit: RateLimit }
  | { do: "withdrawLimit" | "forceOpen" | "reset" | "reopen" }
  | {
      do: "check";
      state: string;
      balance: number | null;
      usageMonth: number | null;
      errorDetails: string | null;
    }
  | { do: "pass"; ms: number };

const limit: fc.Arbitrary<RateLimit> = fc.constantFrom(
  { requests: 1, intervalMs: 1_000 },
  { requests: 3, intervalMs: 1_000 },
  { requests: 10, intervalMs: 1_000 },
  { requests: 7, intervalMs: 3_000 },
  { requests: 43, intervalMs: 10_000 },
  { requests: 230, intervalMs: 10_000 },
  { requests: 20, intervalMs: 60_000 },
);
const which = fc.nat(12);
const maxWaitMs = fc.constantFrom(0, 150, 2_000);

const request = fc.record({
  cost: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, fc.constantFrom(0, 0.3, 2, 7, 40)),
  isReturning: fc.constantFrom(true, true, true, false),
  tokens: fc.constantFrom(0, 10, 250, 900, 4_000),
  isCold: fc.constantFrom(false, false, true),
});

const call: fc.Arbitrary<Omit<CallRecord, "turn">> = fc.record({
  outcome: fc.oneof(
    { weight: 3, arbitrary: fc.constant("failure" as const) },
    { weight: 3, arbitrary: fc.constant("success" as const) },
    fc.constant("ignored" as const),
  ),
  holdMs: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, fc.constantFrom(0, 40, 1_500, 70_000)),
  learnedLimit: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, limit),
  tokensUsed: fc.oneof(fc.constant(null), fc.constantFrom(0, 10, 300, 5_000)),
  serviceState: fc.constantFrom(null, "active", "rate_limited"),
  message: fc.constantFrom("", "Slow down."),
  promptTokens: fc.nat(1_000),
  completionTokens: fc.nat(100),
  cost: fc.constantFrom(0, 0.25, 1.5),
});

const operation: fc.Arbitrary<GuardOperation> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("acquire" as const),
      requests: fc.array(request, { maxLength: 6 }),
      maxWaitMs,
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant("confirm" as const),
      which: fc.array(which, { maxLength: 4 }),
      maxWaitMs,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("cancel" as const), which: fc.array(which, { maxLength: 4 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("record" as const),
      calls: fc.array(fc.record({ which, call }), { maxLength: 5 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("configure" as const, "changeLimit" as const), limit }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("withdrawLimit" as const, "forceOpen" as const) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("reset" as const, "reopen" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("check" as const),
      state: fc.constantFrom("active", "error"),
      balance: fc.constantFrom(null, 20, 7.5, 3, -1),
      usageMonth: fc.constantFrom(null, 12),
      errorDetails: fc.constantFrom(null, "HTTP 500"),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("pass" as const),
      ms: fc.oneof(
        { weight: 5, arbitrary: fc.nat(150) },
        { weight: 3, arbitrary: fc.nat(3_000) },
        { weight: 2, arbitrary: fc.nat(90_000) },
        fc.constantFrom(10_000, 30_000, 3_600_000),
      ),
    }),
  },
);

const breaker: fc.Arbitrary<Partial<BreakerPolicy>> = fc.record({
  failureThreshold: fc.constantFrom(0, 0.3, 0.5, 1),
  volumeThreshold: fc.constantFrom(1, 3),
  windowMs: fc.constantFrom(10_000, 25_000, 60_000),
  openMs: fc.constantFrom(1_000, 30_000),
  probes: fc.constantFrom(1, 2),
  probeMs: fc.constantFrom(500, 20_000),
  rampMs: fc.constantFrom(0, 700, 30_000),
});

const policy = fc
  .record({
    limit: fc.oneof({ weight: 5, arbitrary: limit }, fc.constant(null)),
    tokenLimit: fc.constantFrom(null, { requests: 1_000, intervalMs: 10_000 }),
    breaker,
  })
  .map((overrides) => guardPolicy(overrides));

/** One service's life: how it is guarded, and what is done to it. */
export const guardLives = fc.record({
  policy,
  operations: fc.array(operation, { minLength: 15, maxLength: 60, size: "max" }),
});

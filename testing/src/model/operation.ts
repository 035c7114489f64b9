/**
 * The random operations that drive both stores.
 *
 * An operation names tasks and attempts by their place in the run ("the newest attempt but two"), never by id, so it
 * means something in any run and a failing sequence can be shrunk. Smaller numbers are simpler.
 */
import { type Priority, priorities } from "@workstream/core";
import fc from "fast-check";

export const modelQueues = ["primary", "mail"] as const;
const modelWorkers = ["host-1-a", "host-2-b"] as const;
type ModelQueue = (typeof modelQueues)[number];
type ModelWorker = (typeof modelWorkers)[number];

/** How many of the newest tasks or attempts back, 0 for the newest. */
type Back = number;

export type SettleKind =
  | "complete"
  | "retryLater"
  | "bury"
  | "fail"
  | "snooze"
  | "park"
  | "parkForService"
  | "cancel"
  | "release";

type ClaimShape = {
  worker: ModelWorker;
  queues: readonly ModelQueue[];
  each: number;
  limit: number;
  lane: "high" | null;
};

export type Operation =
  | {
      do: "enqueue";
      queue: ModelQueue;
      priority: Priority;
      delayMs: number;
      expiresInMs: number | null;
      key: string | null;
      fingerprint: string;
    }
  | { do: "enqueueAgain"; task: Back }
  | { do: "enqueueBatch"; queue: ModelQueue; count: number; key: string | null; fingerprint: string }
  | ({ do: "claim" } & ClaimShape)
  | {
      do: "settle";
      attempt: Back;
      kind: SettleKind;
      delayMs: number;
      by: "owner" | "stranger" | "forger";
      /** Whoever settles claims again. */
      next: Omit<ClaimShape, "worker"> | null;
    }
  | { do: "settleAll"; worker: ModelWorker; kinds: readonly SettleKind[] }
  /** Claims, fails everything and lets it come due at once: so retry lists grow. */
  | { do: "stumble"; worker: ModelWorker; queue: ModelQueue; count: number; to: "SCHEDULED" | "DLQ" }
  | { do: "extend"; attempt: Back; progress: string | null; hasBegun: boolean }
  | { do: "recover"; worker: ModelWorker; knowsEven: boolean }
  | { do: "cancel"; task: Back; reason: string }
  | { do: "retry"; task: Back; reset: boolean }
  /** The task of an attempt is more likely to be at rest. */
  | { do: "retryAttempted"; attempt: Back; reset: boolean }
  | { do: "delete"; task: Back }
  | { do: "promote"; limit: number }
  | { do: "reap"; limit: number; maxLostWorkers: number }
  | { do: "prune"; maxAgeMs: number; maxCount: number; limit: number }
  | { do: "pause"; queue: ModelQueue }
  | { do: "resume"; queue: ModelQueue }
  | { do: "requeueOrphaned" }
  | { do: "beat"; worker: ModelWorker; memoryBytes: number }
  | { do: "advance"; ms: number }
  /** What gives those that are parked for a service other due times, or makes it send them away. */
  | { do: "forceOpen" | "reset" }
  | { do: "changeLimit"; requests: number }
  | { do: "ask"; cost: number }
  /** Lays side by side everything that the stores hold, as the end of a run does. */
  | { do: "compare" };

/** Short, so that a handful of steps of the clock outlives it. */
export const modelLeaseMs = 3_000;

/** A value `often` times for each `seldom` times null. */
function sometimes<T>(value: fc.Arbitrary<T>, often: number, seldom: number): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: seldom, arbitrary: fc.constant(null) }, { weight: often, arbitrary: value });
}

const queue = fc.constantFrom(...modelQueues);
const worker = fc.constantFrom(...modelWorkers);
const back = fc.nat(9);
const delayMs = fc.constantFrom(0, 1, 700, 5_000);
const key = sometimes(fc.constantFrom("k1", "k2"), 1, 6);
const fingerprint = fc.constantFrom("f1", "f1", "f2");
const settleKind = fc.constantFrom<SettleKind>(
  "complete",
  "retryLater",
  "retryLater",
  "bury",
  "fail",
  "snooze",
  "park",
  "parkForService",
  "parkForService",
  "cancel",
  "release",
);
const nextShape: fc.Arbitrary<Omit<ClaimShape, "worker">> = fc.record({
  queues: fc.constantFrom<readonly ModelQueue[]>(
    ["primary"],
    ["primary", "mail"],
    ["mail"],
    ["mail", "primary"],
  ),
  each: fc.integer({ min: 1, max: 4 }),
  limit: fc.integer({ min: 1, max: 5 }),
  lane: sometimes(fc.constant("high" as const), 1, 4),
});
const claimShape: fc.Arbitrary<ClaimShape> = fc
  .tuple(worker, nextShape)
  .map(([by, shape]) => ({ worker: by, ...shape }));

function operation<Name extends Operation["do"]>(
  name: Name,
  fields: Record<string, fc.Arbitrary<unknown>> = {},
): fc.Arbitrary<Operation> {
  return fc.record({ do: fc.constant(name), ...fields }) as unknown as fc.Arbitrary<Operation>;
}

const weighted: [weight: number, fc.Arbitrary<Operation>][] = [
  [
    18,
    operation("enqueue", {
      queue,
      priority: fc.constantFrom("normal", ...priorities),
      delayMs: fc.constantFrom(0, 0, 0, 1, 700, 5_000),
      expiresInMs: fc.constantFrom(null, null, null, 500, 3_000),
      key,
      fingerprint,
    }),
  ],
  [1, operation("enqueueAgain", { task: back })],
  [6, operation("enqueueBatch", { queue, count: fc.integer({ min: 1, max: 6 }), key, fingerprint })],
  [14, claimShape.map((shape) => ({ do: "claim", ...shape }) as const)],
  [
    14,
    operation("settle", {
      attempt: back,
      kind: settleKind,
      delayMs,
      by: fc.constantFrom("owner", "owner", "owner", "owner", "owner", "stranger", "forger"),
      next: sometimes(nextShape, 1, 2),
    }),
  ],
  [2, operation("settleAll", { worker, kinds: fc.array(settleKind, { minLength: 1, maxLength: 3 }) })],
  [
    6,
    operation("stumble", {
      worker,
      queue,
      count: fc.integer({ min: 1, max: 6 }),
      to: fc.constantFrom("SCHEDULED", "SCHEDULED", "SCHEDULED", "DLQ"),
    }),
  ],
  [
    4,
    operation("extend", {
      attempt: back,
      progress: sometimes(fc.constantFrom("1", "2"), 1, 1),
      hasBegun: fc.boolean(),
    }),
  ],
  [2, operation("recover", { worker, knowsEven: fc.boolean() })],
  [3, operation("cancel", { task: back, reason: fc.constantFrom("", "why") })],
  [3, operation("retry", { task: back, reset: fc.boolean() })],
  [4, operation("retryAttempted", { attempt: back, reset: fc.boolean() })],
  [2, operation("delete", { task: back })],
  [6, operation("promote", { limit: fc.integer({ min: 1, max: 5 }) })],
  [
    9,
    operation("reap", {
      limit: fc.integer({ min: 1, max: 5 }),
      maxLostWorkers: fc.integer({ min: 1, max: 3 }),
    }),
  ],
  [
    1,
    operation("prune", {
      maxAgeMs: fc.constantFrom(0, 2_000, 1e9),
      maxCount: fc.nat(3),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  ],
  [1, operation("pause", { queue })],
  [2, operation("resume", { queue })],
  [1, operation("requeueOrphaned")],
  [1, operation("beat", { worker, memoryBytes: fc.constantFrom(0, 1_500_000, 52_428_800) })],
  [1, operation("forceOpen")],
  [2, operation("reset")],
  [2, operation("changeLimit", { requests: fc.constantFrom(1, 3, 40) })],
  [3, operation("ask", { cost: fc.constantFrom(1, 2, 5) })],
  [8, operation("compare")],
  [14, operation("advance", { ms: fc.constantFrom(1, 50, 700, 2_000, 3_000, 4_000, 4_500, 60_000, -200) })],
];

/** Sequences of operations, some dozens long. */
export const operations: fc.Arbitrary<Operation[]> = fc.array(
  fc.oneof(...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary }))),
  { minLength: 1, maxLength: 80, size: "max" },
);

import type { BreakerState, ServiceEvent } from "../ports/guards.ts";

/**
 * The breaker of a service, one for the whole fleet: docs/guards.md, "Breaker".
 *
 * Each change of state begins a new version, with an empty window and no probes, and is told to everybody. A call speaks
 * for the version in which it began alone.
 */
export type BreakerRecord = {
  state: BreakerState["state"];
  version: number;
  failures: number;
  successes: number;
  openedAt: number | null;
  /** Null while open: until it is reset. */
  retryAt: number | null;
  closedAt: number | null;
  /** Failures and successes by epoch 10 s. */
  window: Record<string, [failures: number, successes: number]>;
  /** When each probe's lease lapses, by id. */
  probes: Record<string, number>;
  /** How many probes there ever were; the next id. */
  probesBegun: number;
};

/** What a step knows and tells. `events` are published when the step is committed. */
export type StepContext = { service: string; now: number; events: ServiceEvent[] };

const lowestFactor = 0.1;

export const freshBreaker: BreakerRecord = {
  state: "CLOSED",
  version: 0,
  failures: 0,
  successes: 0,
  openedAt: null,
  retryAt: null,
  closedAt: null,
  window: {},
  probes: {},
  probesBegun: 0,
};

/** `retryAt` null: until it is reset. */
export function openBreaker(breaker: BreakerRecord, retryAt: number | null, context: StepContext): void {
  if (breaker.state !== "OPEN") breaker.openedAt = context.now;
  breaker.retryAt = retryAt;
  enter(breaker, "OPEN", context);
}

export function closeBreaker(breaker: BreakerRecord, context: StepContext): void {
  forgetCalls(breaker);
  breaker.openedAt = null;
  breaker.retryAt = null;
  breaker.closedAt = context.now;
  enter(breaker, "CLOSED", context);
}

/** An open one lets a few probes through from `retryAt` on. */
export function tryAgain(breaker: BreakerRecord, context: StepContext): void {
  const { state, retryAt } = breaker;
  if (state !== "OPEN" || retryAt === null || context.now < retryAt) return;
  forgetCalls(breaker);
  breaker.retryAt = null;
  enter(breaker, "HALF_OPEN", context);
}

export function forceBreakerOpen(breaker: BreakerRecord, context: StepContext): void {
  if (isForcedOpen(breaker)) return;
  openBreaker(breaker, null, context);
}

export function resetBreaker(breaker: BreakerRecord, context: StepContext): void {
  if (breaker.state === "CLOSED") forgetCalls(breaker);
  else closeBreaker(breaker, context);
}

export function isForcedOpen({ state, retryAt }: BreakerRecord): boolean {
  return state === "OPEN" && retryAt === null;
}

/** The share of its rate that a service which closed at `closedAt` gets at `at`, rising from a tenth. */
export function rampFactor(at: number, closedAt: number | null, rampMs: number): number {
  if (closedAt === null || rampMs <= 0) return 1;
  const risen = lowestFactor + ((1 - lowestFactor) * (at - closedAt)) / rampMs;
  return Math.min(1, Math.max(lowestFactor, risen));
}

export function breakerStateOf(breaker: BreakerRecord, now: number): BreakerState {
  const { state, version, failures, successes, openedAt, retryAt, closedAt } = breaker;
  const shared = { version, failures, successes };
  if (state === "CLOSED") return { state, ...shared, closedAt };
  if (state === "OPEN") return { state, ...shared, openedAt: openedAt ?? now, retryAt };
  const probes = Object.values(breaker.probes).filter((until) => until > now).length;
  return { state, ...shared, openedAt: openedAt ?? now, probes };
}

function forgetCalls(breaker: BreakerRecord): void {
  breaker.failures = 0;
  breaker.successes = 0;
  breaker.window = {};
  breaker.probes = {};
}

function enter(breaker: BreakerRecord, state: BreakerState["state"], context: StepContext): void {
  const { service, now, events } = context;
  const oldState = breaker.state;
  breaker.state = state;
  breaker.version += 1;
  breaker.window = {};
  breaker.probes = {};
  const { version, retryAt } = breaker;
  events.push({
    type: "circuit_breaker_changed",
    service,
    oldState,
    newState: state,
    version,
    retryAt,
    at: now,
  });
}

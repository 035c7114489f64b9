/**
 * The guards of a service: one limiter and one breaker for the whole fleet, in the same store as the tasks.
 *
 * Every step takes a batch, so that a process which has many calls to make asks once. docs/guards.md is what both
 * stores do, to the letter. Durations are ms on the store's clock; tokens may be fractional.
 */

/** `requests` per `intervalMs`, and as many at once after a pause. Of tokens where it limits tokens. */
export type RateLimit = { requests: number; intervalMs: number };

export type BreakerPolicy = {
  /** Share of failed calls at which it opens, 0–1. 0 never opens. */
  failureThreshold: number;
  /** Calls that the window must hold before it may open, at least 1. */
  volumeThreshold: number;
  /** Length of the sliding window, in buckets of 10 s: 10,000–600,000. */
  windowMs: number;
  /** How long it stays open before a few probes are let through. */
  openMs: number;
  /** Probes at a time while half-open, and successes in a row that close it. */
  probes: number;
  /** A probe that was not recorded after this long is given up: its caller may be dead. */
  probeMs: number;
  /** From closing until calls have the full rate again, rising from a tenth. */
  rampMs: number;
};

/** What a guard is asked with: the same wherever the service is used. */
export type GuardPolicy = {
  service: string;
  /** Where the limiter starts; an operator's and a learned limit, kept in the store, go before it. Null: unlimited. */
  limit: RateLimit | null;
  /** A second bucket, of the service's own tokens. */
  tokenLimit: RateLimit | null;
  breaker: BreakerPolicy;
};

/** Each state owns its own data. Instants are epoch ms. `version` grows with every change of state. */
export type BreakerState =
  | { state: "CLOSED"; version: number; failures: number; successes: number; closedAt: number | null }
  | {
      state: "OPEN";
      version: number;
      failures: number;
      successes: number;
      openedAt: number;
      /** Null when it was forced open: until an operator resets it. */
      retryAt: number | null;
    }
  | {
      state: "HALF_OPEN";
      version: number;
      failures: number;
      /** Probes that succeeded. */
      successes: number;
      openedAt: number;
      /** Probes under way. */
      probes: number;
    };

export type TurnRequest = {
  /** Of the limiter's budget, usually 1. */
  cost: number;
  /** It was parked and is due: it goes before those that come for the first time. */
  isReturning: boolean;
  /** Estimate of the service's own tokens; 0 where there is no token limit. */
  tokens: number;
  /** It comes from a process whose first calls these are: they will be late, and use less of what was saved up. */
  isCold?: boolean;
};

/** A place on the limiter's clock, opaque to the caller. Nothing in the store belongs to it but its probe's lease. */
export type Turn = string;

export type TurnAnswer =
  /** Call now. */
  | { kind: "granted"; turn: Turn; isProbe: boolean }
  /** The place is reserved: `confirm` it in `waitMs`, or `cancel` it. */
  | { kind: "wait"; turn: Turn; waitMs: number }
  /** Nothing is reserved. `delayMs` is a place of its own after the others that were sent away. */
  | { kind: "park"; reason: "open" | "half_open" | "limited"; delayMs: number };

export type GuardAnswer = { answers: TurnAnswer[]; breaker: BreakerState };

/** How one call ended. */
export type CallRecord = {
  turn: Turn;
  /** `ignored`: it says nothing of the service (our own fault, or aborted). */
  outcome: "success" | "failure" | "ignored";
  /** The service said when it will answer again: nobody calls for that long. Null: it did not. */
  holdMs: number | null;
  /** A limit that the service itself named. */
  learnedLimit: RateLimit | null;
  /** The service's own tokens that the call took, where they are known: the estimate is corrected by them. */
  tokensUsed: number | null;
  /** What it says of the service: one of the words of its status, such as `active` or `rate_limited`. */
  serviceState: string | null;
  /** A sentence about it; "" when all is well. */
  message: string;
  promptTokens: number;
  completionTokens: number;
  /** In the service's currency. */
  cost: number;
};

export type LimiterView = {
  /** In force now: an operator's, a learned or the first one. */
  limit: RateLimit;
  /** Before anything was learned. */
  configured: RateLimit;
  /** Now; negative when turns are reserved ahead. */
  tokens: number;
  /** Nobody calls before this instant; null when nothing holds. */
  holdUntil: number | null;
  /** How long a call asked for now would wait. */
  waitMs: number;
};

export type ServiceGuardView = { service: string; breaker: BreakerState; limiter: LimiterView | null };

export type ServiceEvent =
  | {
      type: "circuit_breaker_changed";
      service: string;
      oldState: BreakerState["state"];
      newState: BreakerState["state"];
      version: number;
      /** Null: none, or until it is reset. */
      retryAt: number | null;
      at: number;
    }
  | { type: "service_held"; service: string; holdUntil: number; at: number }
  | { type: "rate_limit_changed"; service: string; limit: RateLimit; at: number }
  | { type: "credits_low"; service: string; level: "warning" | "critical"; balance: number; at: number };

export interface ServiceGuards {
  /** Once at the start of a process: a limit that differs from the one configured before takes its place. */
  configure(policy: GuardPolicy): Promise<void>;

  /**
   * Reserves turns, breaker and limiters in one step. Whoever would wait longer than `maxWaitMs` is parked.
   * Not repeated after an unknown outcome: at worst a turn goes unused.
   */
  acquire(policy: GuardPolicy, requests: readonly TurnRequest[], maxWaitMs: number): Promise<GuardAnswer>;

  /** At their turn: granted, a further wait (the service was held meanwhile), or parked (the breaker opened). */
  confirm(policy: GuardPolicy, turns: readonly Turn[], maxWaitMs: number): Promise<GuardAnswer>;

  /** Gives turns back, reserved or granted and not used: refunds what was not reserved after them. */
  cancel(policy: GuardPolicy, turns: readonly Turn[]): Promise<void>;

  /** Notes how calls ended: window, probes, hold, limits, the day's metrics and the service's state. */
  record(policy: GuardPolicy, calls: readonly CallRecord[]): Promise<BreakerState>;

  /** Null for a service that nobody has used yet. */
  read(service: string): Promise<ServiceGuardView | null>;
  /** Every service that was ever used. */
  list(): Promise<ServiceGuardView[]>;

  /** Opens until reset, whatever the calls say. */
  forceOpen(service: string): Promise<BreakerState>;
  /** Closes, with an empty window. The full rate is had again after the ramp. */
  reset(service: string): Promise<BreakerState>;
  /** Changes the limit for the whole fleet, from the next turn on; what was learned is forgotten. */
  changeLimit(service: string, limit: RateLimit): Promise<void>;

  /** Every change of a service until `close`. `onGap`: some may have been missed. */
  subscribe(listener: {
    onEvent(event: ServiceEvent): void;
    onGap(): void;
  }): Promise<{ close(): Promise<void> }>;
}

/** Service names: `[a-z0-9][a-z0-9-]{0,63}`, part of key names. */
export const serviceNamePattern = /^[a-z0-9][a-z0-9-]{0,63}$/;

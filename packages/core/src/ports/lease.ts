import type { ErrorType, RetryRatioSettings } from "../retry-policy.ts";
import type { ContentKind } from "../task.ts";
import type { Lane } from "../task-names.ts";

/**
 * The right to finish one attempt. The token is a decimal number in a string; it grows with every claim of the task,
 * also across rollbacks of the store, so an outside system can use it to refuse a late writer (fencing).
 */
export type Lease = { id: string; token: string };

export type ClaimedTask = Lease & {
  type: string;
  queue: string;
  /** Where in its queue it waited. */
  lane: Lane;
  contentKind: ContentKind;
  /** Text, JSON or a file's name. Text that lives under `inputs` is already in place here. */
  content: string;
  /** JSON object. */
  metadata: string;
  /** 1 for the first run; lost workers count, hand-backs, snoozes and parking don't. */
  attempt: number;
  retryCount: number;
  maxRetries: number;
  timeoutMs: number | null;
  createdAt: number;
  claimedAt: number;
  /** Time since it was first due, without parked time, at the claim. */
  ageMs: number;
  /** It waited because a service would not have it: it goes before those that come for the first time. */
  wasParked: boolean;
  /** Failed calls in a row, up to the last time it was parked, that used up no attempt of it. */
  freeFailures: number;
};

export type ClaimRequest = {
  workerId: string;
  /** How many tasks to take at most, by queue, in the order in which queues are asked. */
  queues: Readonly<Record<string, number>>;
  /** Bound over all queues. */
  limit: number;
  /** Takes from this lane of each queue and from nowhere else, for slots that are kept free for it. */
  lane?: "high";
  leaseMs: number;
  retryRatio: RetryRatioSettings;
};

/** How one attempt ended. Delays count from the moment the store settles it. */
export type Settlement =
  | { kind: "complete"; result: string }
  | { kind: "fail"; error: string; errorType: ErrorType; next: FailedNext }
  /** Later, with no attempt used up. Parked time doesn't count towards the task's age. */
  | { kind: "snooze"; delayMs: number; isParked: boolean; parking?: ParkedFor }
  | { kind: "cancel"; reason: string }
  /** Back to the head of its queue, with no attempt used up. */
  | { kind: "release" };

/** What a parked task waits for. Its due time is moved when that comes sooner or later than was thought. */
export type ParkedFor = {
  /** A service, or `cache:` and a digest: the result that another task computes. */
  name: string;
  /** A sentence for people. */
  why: string;
  /** What its next call takes of the service's limits; 1 and 0 unless told. */
  cost?: number;
  tokens?: number;
  /** Failed calls in a row that used up no attempt; 0 unless told. Kept until it is parked again. */
  freeFailures?: number;
};

export type FailedNext = { to: "SCHEDULED"; delayMs: number } | { to: "DLQ" } | { to: "FAILED" };

export type SettleRequest = Lease & {
  settlement: Settlement;
  /** The task's, as it was claimed: with it a completion need not be looked up. */
  type?: string;
};

export type SettleOutcome = "settled" | "lease_lost" | "not_found";
/** The part of the store that holds this task did not answer, though others did: ask again. */
export type Unanswered = "unanswered";

export type ExtendRequest = Lease & {
  /** JSON to store as the task's progress. */
  progress?: string;
  /** Puts on record that this attempt begins: should its worker be lost, the task counts as a cause (`reap`). */
  hasBegun?: boolean;
};
export type ExtendOutcome = "extended" | "lease_lost" | "not_found";

export interface TaskLeases {
  /** Takes tasks, each with a lease. After an unknown outcome call `recover` before the next claim. */
  claim(request: ClaimRequest): Promise<ClaimedTask[]>;

  /**
   * Settles attempts, each under its lease, and claims again in the same round trip when `next` is given.
   * Idempotent: the same token again answers `settled`. Outcomes stand in the order of `attempts`.
   * When the store is full it settles and claims nothing.
   */
  settle(
    workerId: string,
    attempts: readonly SettleRequest[],
    next?: ClaimRequest,
  ): Promise<{ outcomes: (SettleOutcome | Unanswered)[]; claimed: ClaimedTask[] }>;

  /** Moves the leases to `leaseMs` from now and stores progress, and what has begun. Outcomes in order. */
  extend(
    workerId: string,
    leases: readonly ExtendRequest[],
    leaseMs: number,
  ): Promise<(ExtendOutcome | Unanswered)[]>;

  /**
   * Hands back what the store holds for this worker under a lease that the worker does not know: the claims whose reply was
   * lost. A task that it knows by an older lease was claimed again. No attempt, no strike. Returns how many.
   */
  recover(workerId: string, known: readonly Lease[]): Promise<number>;

  /**
   * Waits until work may be there on one of `queues`, or on the given lane of one: a wake-up token, `timeoutMs` (at most
   * 2,000, jittered by the caller) or `signal`. Resolves in every case but a lost connection (store_unavailable).
   */
  waitForWork(
    queues: readonly string[],
    timeoutMs: number,
    signal: AbortSignal,
    lane?: "high",
  ): Promise<void>;

  /**
   * `waitForWork` on the queues of the request, and its lane, then `claim`: in one round trip where the store can do that, so that an
   * idle worker has its task sooner. The claim is made however the wait ended, and at once when `signal` ends it: what the
   * request asks for must be kept free until the answer. Outcomes are those of a claim.
   */
  claimAfterWait(request: ClaimRequest, timeoutMs: number, signal: AbortSignal): Promise<ClaimedTask[]>;
}

import type { Logger } from "../logger.ts";
import type { GuardedService } from "./guarded-service.ts";

/** Why `signal` was aborted. */
export type AbortReason =
  /** The attempt ran longer than its limit; it fails unless the handler still returns a result. */
  | "timeout"
  /** Someone cancelled or deleted the task; nothing that the handler does is kept. */
  | "cancelled"
  /** Another worker may have the task now; nothing that the handler does is kept. */
  | "lease_lost"
  /** The worker stops; the task goes back to its queue unless the handler still returns a result. */
  | "drain";

/** `signal.reason`: named AbortError, as fetch and timers expect it. */
export class AttemptAborted extends Error {
  override readonly name = "AbortError";
  readonly reason: AbortReason;

  constructor(reason: AbortReason) {
    super(`The attempt was aborted: ${reason}.`);
    this.reason = reason;
  }
}

/** What a handler knows of its attempt and can do besides returning a result. */
export interface TaskContext {
  readonly id: string;
  readonly type: string;
  readonly queue: string;
  /** 1 for the first run. Lost workers count; snoozes, parking and hand-backs don't. */
  readonly attempt: number;
  /** How often the task may still be retried if this attempt fails; 0 for the last one. */
  readonly retriesLeft: number;
  /**
   * Decimal digits that grow with every claim: hand it to outside systems to refuse a late writer (fencing).
   */
  readonly leaseToken: string;
  /**
   * Aborted on timeout, cancel, lost lease and at the end of a drain; its `reason` is an `AttemptAborted`.
   * Pass it on to whatever waits. A handler that ignores it loses its slot 5 s later and goes on for nothing.
   */
  readonly signal: AbortSignal;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Carries the task's id, type and attempt. */
  readonly logger: Logger;
  /** Name of the uploaded file; null for a task that takes none. */
  readonly contentName: string | null;

  /**
   * Stores how far the attempt is, at most four times a second: the newest value counts, and the last one is
   * always stored before the result is. Returns at once.
   * @param value whatever JSON can hold, up to 16 kB
   * @throws TypeError for a value that JSON can't hold · RangeError for one that is too large
   */
  progress(value: unknown): void;

  /**
   * The bytes of the uploaded file, in chunks of at most 256 kB.
   * @throws ValidationError, which ends the task, when it has no file
   */
  readInput(): AsyncIterable<Uint8Array>;

  /**
   * One of the services that the task type names, behind its breaker and its limiter.
   * @throws TypeError for a service that the type does not name
   */
  service(name: string): GuardedService;

  /**
   * Adds to the partial output of the task, which people can follow while it runs: in order, at most ten times a
   * second, stored before the result is. The newest 256 kB are kept. Returns at once and never fails the task.
   * @throws TypeError for anything but text
   */
  output(text: string): void;

  /** What the attempt has output so far does not count any more, for those who follow it too. */
  restartOutput(): void;

  /**
   * Runs a part of the task and remembers its result, so that the next attempt does not run it again. Steps are
   * forgotten when the task has completed.
   * @param name 1–200 characters, the same in every attempt; within one attempt a name is run once
   * @param run its result must be what JSON can hold. One that JSON can't hold or that is over 256 kB of JSON is
   * returned, but not remembered
   * @returns the result, or what was remembered of it: what JSON makes of it
   * @throws what `run` throws · TypeError for a wrong name · store_unavailable or outcome_unknown when it is not
   * known what was remembered
   */
  step<T>(name: string, run: () => Promise<T>): Promise<T>;
}

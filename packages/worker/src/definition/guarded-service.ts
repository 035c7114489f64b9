import type { BreakerState } from "@workstream/core";
import type { CallVerdict } from "./service-definition.ts";

export type CallOptions = {
  /** Of the limiter's budget: 1 unless told, 0 or more. */
  cost?: number;
  /** Estimate of the service's own tokens, 0 or more; the real number comes with the verdict. */
  tokens?: number;
  /** Aborts the wait for a turn, and the call through its own signal. */
  signal?: AbortSignal;
  /**
   * Within a task: `call` throws `ServiceRefused` while the breaker is open, for a handler that has another way. For a
   * turn it waits, or parks the task, all the same. Default false.
   */
  refusesWhenOpen?: boolean;
};

/** Why a call was sent away without being made. */
export type RefusalReason = "open" | "half_open" | "limited";

export type CallOutcome<T> =
  | { kind: "answered"; value: T }
  | { kind: "refused"; reason: RefusalReason; retryInMs: number }
  /** The call was made and threw, or was aborted before its turn came. */
  | { kind: "failed"; error: unknown; verdict: CallVerdict };

/** A service behind its breaker and its limiter, which the whole fleet shares. */
export interface GuardedService {
  readonly name: string;

  /**
   * Calls `fn` when its turn has come, and notes how it ended.
   *
   * When the service would not have the call for longer than its `maxWaitMs`: the first calls of a task's attempt
   * park the task, by a verdict thrown from here, and it runs again later with no attempt used up. Once a call of
   * the attempt went through, later ones wait up to the attempt's time limit and at worst fail it as
   * ServiceUnavailable or RateLimitError; after `context.step` remembered something the attempt may park again.
   * Outside of tasks, and where `refusesWhenOpen` says so, it throws `ServiceRefused`.
   * @returns what `fn` returned
   * A store that can't be asked for a turn parks the task too, or is waited for.
   * @throws what `fn` threw · the reason of an aborted signal · outside of tasks store_unavailable or outcome_unknown when
   * the store could not be asked
   */
  call<T>(fn: (signal: AbortSignal) => Promise<T>, options?: CallOptions): Promise<T>;

  /**
   * The same with the outcome as a value: being sent away parks nothing, and what to do then is up to the caller.
   * @throws only for a fault of our own, such as a store that can't be asked
   */
  tryCall<T>(fn: (signal: AbortSignal) => Promise<T>, options?: CallOptions): Promise<CallOutcome<T>>;

  /** What this process last heard of the breaker, without asking; null when it has heard nothing yet. */
  breaker(): BreakerState | null;
}

import type { ClaimedTask, ParkedFor } from "@workstream/core";
import { type AbortReason, AttemptAborted } from "../definition/task-context.ts";
import type { TaskDefinition } from "../definition/task-definition.ts";
import type { Verdict } from "../definition/verdict.ts";
import type { AttemptGuard } from "../guard/attempt-guard.ts";
import type { AttemptOutput } from "./attempt-output.ts";
import type { AttemptSteps } from "./attempt-steps.ts";
import type { ResultFlight } from "./result-flights.ts";

/** The attempt ends parked, whatever its handler makes of the verdict. */
export type Parking = {
  /** When it is worth coming back, on the monotonic clock, ms. */
  readonly dueAt: number;
  readonly verdict: Verdict;
  /** What it waits for; null: only for that time. */
  readonly parkedFor: ParkedFor | null;
};

/**
 * One run of one handler under one lease.
 *
 * (waiting ──▶) running ──▶ over ──▶ settled. `isWaiting` says that it was claimed ahead of a slot and its handler
 * has not begun; only then may it be over without having run. `isOver` says that its outcome is decided: by the handler, or without it when
 * it ignored its signal. From then on only the store's answer matters. `isRevoked` says that the lease is
 * gone, and with it every right to write.
 */
export class Attempt {
  readonly task: ClaimedTask;
  readonly definition: TaskDefinition;
  /** It holds one of the slots that are kept for tasks of high priority. */
  readonly isInKeptSlot: boolean;
  /** Instants of the monotonic clock, ms. While it waits: since when. */
  startedAt: number;
  /** When it is aborted; once it is aborted, when it is given up. */
  deadlineAt: number;
  /** Among the attempts of its worker (attempts.ts). */
  place = -1;
  isWaiting = false;
  isOver = false;
  isRevoked = false;
  /** Progress reported and not yet sent, as JSON. */
  unsentProgress: string | null = null;
  hasReported = false;
  /** Whether the store knows that it begins: most attempts never tell it. */
  record: "none" | "asked" | "made" = "none";
  parking: Parking | null = null;
  /** What only some attempts need; each is made when it is first asked for. */
  guard: AttemptGuard | null = null;
  steps: AttemptSteps | null = null;
  output: AttemptOutput | null = null;
  flight: ResultFlight | null = null;
  #abortReason: AbortReason | null = null;
  #controller: AbortController | null = null;

  constructor(task: ClaimedTask, definition: TaskDefinition, startedAt: number, isInKeptSlot = false) {
    this.task = task;
    this.definition = definition;
    this.isInKeptSlot = isInKeptSlot;
    this.startedAt = startedAt;
    this.deadlineAt = startedAt + this.limitMs;
  }

  /** Its time limit counts from when its handler begins. */
  wait(): void {
    this.isWaiting = true;
    this.deadlineAt = Number.POSITIVE_INFINITY;
  }

  /** Its wait is over: the handler begins now. */
  begin(now: number): void {
    this.isWaiting = false;
    this.startedAt = now;
    this.deadlineAt = now + this.limitMs;
  }

  get limitMs(): number {
    return this.task.timeoutMs ?? this.definition.timeoutMs;
  }

  get abortReason(): AbortReason | null {
    return this.#abortReason;
  }

  /**
   * Made on first use: most handlers never ask, and a controller costs more than the rest of a no-op attempt.
   */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#abortReason) this.#controller.abort(new AttemptAborted(this.#abortReason));
    }
    return this.#controller.signal;
  }

  /** Tells the handler to stop. The first reason stays. */
  abort(reason: AbortReason): void {
    if (this.#abortReason) return;
    this.#abortReason = reason;
    this.#controller?.abort(new AttemptAborted(reason));
  }

  /** The lease is gone: whatever the handler returns is dropped. */
  revoke(reason: "cancelled" | "lease_lost"): void {
    this.isRevoked = true;
    this.abort(reason);
  }
}

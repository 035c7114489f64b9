import { type BreakerState, isErrorCode, type TurnRequest } from "@workstream/core";
import type { Attempt } from "../attempt/attempt.ts";
import { jittered } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import type { CallOptions, CallOutcome, GuardedService } from "../definition/guarded-service.ts";
import { taskError, type Verdict } from "../definition/verdict.ts";
import type { AttemptGuard } from "./attempt-guard.ts";
import { type MadeCall, type ServiceGuard, turnRequestOf } from "./service-guard.ts";
import { ServiceRefused } from "./service-refused.ts";
import { admissionOf } from "./turn-admission.ts";
import type { TurnPlace } from "./turn-place.ts";
import type { TurnAdmission, TurnRefusal } from "./turn-ticket.ts";

type Parts = { attempt: Attempt; attemptGuard: AttemptGuard; guard: ServiceGuard; clock: Clock };

type Call<T> = { fn: (signal: AbortSignal) => Promise<T>; request: TurnRequest; signal: AbortSignal };

/** The store could not be asked for a turn. */
type Unanswered = { kind: "refused"; reason: "unanswered"; delayMs: number };

/** A wait must end before the time limit does, so that the attempt fails by what it waited for. */
const marginMs = 50;
const longestWaitMs = 60_000;
const jitterShare = 0.05;
/** How long to leave a store alone that did not answer. */
const storeAwayMs = 1_500;

/** A service as the handler of one attempt calls it. */
export class AttemptService implements GuardedService {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.guard.definition.name;
  }

  async call<T>(fn: (signal: AbortSignal) => Promise<T>, options: CallOptions = {}): Promise<T> {
    const call = this.#callOf(fn, options);
    for (;;) {
      const admission = await this.#answer(call);
      if (admission.kind === "granted") {
        const made = await this.#make(call, admission.place);
        if (!this.#isOfOutage(made) && !this.#isHeld(made, call.request)) return valueFrom(made);
        await this.#recorded(call);
      } else {
        if (options.refusesWhenOpen && admission.reason === "open") throw this.#refused(admission.delayMs);
        await this.#endure(admission, call);
      }
      call.request = { ...call.request, isReturning: true };
    }
  }

  async tryCall<T>(
    fn: (signal: AbortSignal) => Promise<T>,
    options: CallOptions = {},
  ): Promise<CallOutcome<T>> {
    const call = this.#callOf(fn, options);
    const { parking } = this.#parts.attempt;
    if (parking) return { kind: "failed", error: parking.verdict, verdict: { outcome: "ignored" } };
    try {
      const admission = await this.#admission(call);
      if (admission.kind === "granted") return await this.#make(call, admission.place);
      return { kind: "refused", reason: admission.reason, retryInMs: admission.delayMs };
    } catch (error) {
      const isOwnDoing = call.signal.aborted && error === call.signal.reason;
      if (!isOwnDoing && error !== this.#parts.attempt.parking?.verdict) throw error;
      return { kind: "failed", error, verdict: { outcome: "ignored" } };
    }
  }

  breaker(): BreakerState | null {
    return this.#parts.guard.breaker.state;
  }

  /**
   * A probe that failed, or a call that was under way when the breaker opened: the fleet knows already that the service
   * is down, so it is no fault of this attempt. It asks again, and is sent away; a few times in a row.
   */
  #isOfOutage(made: MadeCall<unknown>): boolean {
    const { attemptGuard, guard } = this.#parts;
    const { state } = guard.breaker;
    if (made.kind !== "failed" || made.verdict.outcome !== "failure") return false;
    return state !== null && state.state !== "CLOSED" && attemptGuard.forgives();
  }

  /**
   * The service named the time at which it will answer again, and said nothing else of this call: everybody waits until
   * then, and so does this attempt. A second time in a row it fails, so that no task asks for ever.
   */
  #isHeld(made: MadeCall<unknown>, { isReturning }: TurnRequest): boolean {
    if (made.kind !== "failed" || isReturning) return false;
    return made.verdict.outcome === "ignored" && (made.verdict.holdMs ?? 0) > 0;
  }

  /**
   * Before the handler runs, when the breaker is known to be open.
   * @throws a verdict that parks the attempt, when the store says so too
   */
  async assertNotOpen(): Promise<void> {
    const { guard, attemptGuard } = this.#parts;
    const call = this.#callOf(async () => {}, {});
    const admission = await this.#answer(call);
    if (admission.kind === "refused") throw this.#park(admission.delayMs, admission, call.request);
    // Its first call asks again, when it comes to that: a probe's place must not wait for the handler.
    attemptGuard.end({ wentThrough: false });
    guard.giveBack(admission.place);
  }

  #callOf<T>(fn: Call<T>["fn"], options: CallOptions): Call<T> {
    const { attempt } = this.#parts;
    const request = turnRequestOf(options, attempt.task.wasParked);
    const signal = options.signal ? AbortSignal.any([attempt.signal, options.signal]) : attempt.signal;
    return { fn, request, signal };
  }

  /** A store that is away is no fault of the attempt: no call was made yet. */
  async #answer(call: Call<unknown>): Promise<TurnAdmission | Unanswered> {
    try {
      return await this.#admission(call);
    } catch (error) {
      if (!isErrorCode(error, "store_unavailable", "outcome_unknown")) throw error;
      return { kind: "refused", reason: "unanswered", delayMs: jittered(storeAwayMs, 0.3) };
    }
  }

  /** A granted turn counts as a call under way from here on: those refused in the same moment must know. */
  async #admission({ request, signal }: Call<unknown>): Promise<TurnAdmission> {
    const { attempt, attemptGuard, guard } = this.#parts;
    this.#assertGoesOn();
    const ticket = guard.ask(request);
    const admission = await attemptGuard.waiting(ticket, () => admissionOf(guard, ticket, signal));
    if (admission.kind !== "granted") return admission;
    if (attempt.isOver || attempt.parking) {
      guard.giveBack(admission.place);
      this.#assertGoesOn();
    }
    attemptGuard.begin();
    return admission;
  }

  #assertGoesOn(): void {
    const { attempt } = this.#parts;
    if (attempt.parking) throw attempt.parking.verdict;
    if (attempt.isOver) throw new Error(`Service "${this.name}" was called after the attempt had ended.`);
  }

  async #make<T>({ fn, signal }: Call<T>, place: TurnPlace): Promise<MadeCall<T>> {
    const { attemptGuard, guard } = this.#parts;
    const made = await guard.make(fn, { place, signal });
    attemptGuard.end({ wentThrough: wentThrough(made) });
    return made;
  }

  /**
   * The next question comes behind the records of calls that ended; with a store that is frozen that may take long.
   * @throws the signal's reason
   */
  async #recorded({ signal }: Call<unknown>): Promise<void> {
    await new Promise<void>((resolve) => {
      const pass = () => resolve();
      if (signal.aborted) pass();
      signal.addEventListener("abort", pass, { once: true });
      void this.#parts.guard.recorded().then(() => {
        signal.removeEventListener("abort", pass);
        pass();
      });
    });
    signal.throwIfAborted();
  }

  /**
   * Sent away: parks the attempt if it may, else waits in the slot until it is worth asking again.
   * @throws a verdict: it is parked, or its time limit comes first
   */
  async #endure(refusal: TurnRefusal | Unanswered, { signal, request }: Call<unknown>): Promise<void> {
    const { attempt, attemptGuard, guard, clock } = this.#parts;
    const { version } = guard.breaker.state ?? { version: null };
    const placeAt = clock.nowMs() + refusal.delayMs;
    const dueAt = placeAt + refusal.delayMs * jitterShare * Math.random();
    let least = 0;
    for (;;) {
      this.#assertGoesOn();
      signal.throwIfAborted();
      const leftMs = dueAt - clock.nowMs();
      if (leftMs <= 0) return;
      if (attemptGuard.mayPark && leftMs > least) throw this.#park(placeAt - clock.nowMs(), refusal, request);
      if (dueAt > attempt.deadlineAt - marginMs) throw this.#failure(leftMs, refusal);
      // What is nearly over is not worth parking for once it has been waited for.
      least = guard.definition.maxWaitMs;
      await this.#change(Math.min(leftMs, longestWaitMs), signal);
      const breaker = guard.breaker.state;
      if (breaker?.state === "CLOSED" && breaker.version !== version) return;
    }
  }

  /** Waits until something happens that may matter, at most `ms`. */
  async #change(ms: number, signal: AbortSignal): Promise<void> {
    const { attemptGuard, guard } = this.#parts;
    const open = () => attemptGuard.changed.open();
    const stopListening = guard.onBreakerChange(open);
    signal.addEventListener("abort", open, { once: true });
    await attemptGuard.changed.wait(ms);
    signal.removeEventListener("abort", open);
    stopListening();
  }

  #park(delayMs: number, { reason }: TurnRefusal | Unanswered, { cost, tokens }: TurnRequest): Verdict {
    const why = `Service "${this.name}" ${parkedWhys[reason]}.`;
    return this.#parts.attemptGuard.park(delayMs, { name: this.name, why, cost, tokens });
  }

  #refused(retryInMs: number): ServiceRefused {
    return new ServiceRefused(this.name, { reason: "open", retryInMs });
  }

  #failure(retryAfterMs: number, { reason }: TurnRefusal | Unanswered): Verdict {
    const message = `Service "${this.name}" ${whys[reason]} for longer than the attempt may run.`;
    const errorType = reason === "limited" ? "RateLimitError" : "ServiceUnavailable";
    return taskError(errorType, message, { retryAfterMs });
  }
}

const whys = {
  open: "is not called, its circuit breaker is open,",
  half_open: "is not called, its circuit breaker lets only probes through,",
  limited: "has no turn free",
  unanswered: "could not be called, since the store that gives turns did not answer,",
} as const;

const parkedWhys = {
  open: "is not called, its circuit breaker is open",
  half_open: "is not called, its circuit breaker lets only probes through",
  limited: "has no turn free",
  unanswered: "was not called, the store that gives turns did not answer",
} as const;

/** Whether it may have been paid for: a handler can throw over an answer that the service did give. */
function wentThrough(made: MadeCall<unknown>): boolean {
  return made.kind === "answered" || made.verdict.outcome === "success" || (made.verdict.tokensUsed ?? 0) > 0;
}

function valueFrom<T>(made: MadeCall<T>): T {
  if (made.kind === "failed") throw made.error;
  return made.value;
}

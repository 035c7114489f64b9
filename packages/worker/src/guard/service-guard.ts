import type { BreakerState, ServiceEvent, ServiceGuards, TurnRequest } from "@workstream/core";
import type { Clock } from "../clock.ts";
import type { CallOptions, CallOutcome } from "../definition/guarded-service.ts";
import type { EndedCall, ServiceDefinition } from "../definition/service-definition.ts";
import type { Logger } from "../logger.ts";
import { BreakerView } from "./breaker-view.ts";
import { readCall, recordOf } from "./call-reading.ts";
import { CallRecorder } from "./call-recorder.ts";
import { TurnDesk } from "./turn-desk.ts";
import type { TurnPlace } from "./turn-place.ts";
import type { TurnTicket } from "./turn-ticket.ts";

export type ServiceGuardParts = {
  guards: Pick<ServiceGuards, "acquire" | "confirm" | "cancel" | "record">;
  clock: Clock;
  logger: Logger;
};

/** A call that was made. */
export type MadeCall<T> = Exclude<CallOutcome<T>, { kind: "refused" }>;

/** One service as this process calls it: turns before a call, the record after it, and what is known meanwhile. */
export class ServiceGuard {
  readonly definition: ServiceDefinition;
  readonly breaker: BreakerView;
  readonly #parts: ServiceGuardParts;
  readonly #desk: TurnDesk;
  readonly #recorder: CallRecorder;
  readonly #listeners = new Set<() => void>();

  constructor(definition: ServiceDefinition, parts: ServiceGuardParts) {
    const { policy, maxWaitMs } = definition;
    const onBreaker = (state: BreakerState, askedAt?: number) => this.#noteBreaker(state, askedAt);
    this.definition = definition;
    this.breaker = new BreakerView(parts.clock);
    this.#parts = parts;
    this.#desk = new TurnDesk({ ...parts, policy, maxWaitMs, onBreaker });
    this.#recorder = new CallRecorder({ ...parts, policy, onBreaker });
  }

  ask(request: TurnRequest): TurnTicket {
    return this.#desk.ask(request);
  }

  giveBack(place: TurnPlace): void {
    this.#desk.giveBack(place);
  }

  /** Makes the call on its turn. It is recorded, but that is not waited for. */
  async make<T>(
    fn: (signal: AbortSignal) => Promise<T>,
    { place, signal }: { place: TurnPlace; signal: AbortSignal },
  ): Promise<MadeCall<T>> {
    const { clock, logger } = this.#parts;
    const startedAt = clock.nowMs();
    const ending = await endingOf(fn, signal);
    const call: EndedCall = { ...ending, durationMs: clock.nowMs() - startedAt };
    const verdict = readCall(this.definition, { call, isAborted: signal.aborted, logger });
    this.#recorder.add(recordOf(place.turn, verdict));
    if (ending.kind === "returned") return { kind: "answered", value: ending.value };
    return { kind: "failed", error: ending.error, verdict };
  }

  /** Resolves when the calls that ended until now were recorded, or could not be. */
  recorded(): Promise<void> {
    return this.#recorder.idle();
  }

  note(event: ServiceEvent): void {
    if (event.type === "circuit_breaker_changed") {
      this.breaker.noteChange(event);
      this.#tellListeners();
    }
    if (event.type !== "rate_limit_changed" && event.type !== "credits_low") this.#desk.recheck();
  }

  /** Calls `listener` when the breaker may have changed, until the answer is called. */
  onBreakerChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the waits with `reason`. Resolves when turns were given back and calls recorded, or could not be. */
  async close(reason: Error): Promise<void> {
    await Promise.all([this.#desk.close(reason), this.#recorder.idle()]);
  }

  #noteBreaker(state: BreakerState, askedAt?: number): void {
    const before = this.breaker.state?.version;
    this.breaker.note(state, askedAt);
    if (this.breaker.state?.version !== before) this.#tellListeners();
  }

  #tellListeners(): void {
    for (const listener of this.#listeners) listener();
  }
}

type CallEnding<T> = { kind: "returned"; value: T } | { kind: "threw"; error: unknown };

async function endingOf<T>(
  fn: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<CallEnding<T>> {
  try {
    return { kind: "returned", value: await fn(signal) };
  } catch (error) {
    return { kind: "threw", error };
  }
}

/** @throws TypeError for a cost or an estimate that is no number of 0 or more */
export function turnRequestOf({ cost = 1, tokens = 0 }: CallOptions, isReturning: boolean): TurnRequest {
  for (const [name, value] of Object.entries({ cost, tokens })) {
    if (!Number.isFinite(value) || value < 0) throw new TypeError(`${name} must be 0 or more, not ${value}.`);
  }
  return { cost, tokens, isReturning };
}

import type { BreakerState, ServiceEvent } from "@workstream/core";
import { type Clock, systemClock } from "../clock.ts";

type BreakerChange = Extract<ServiceEvent, { type: "circuit_breaker_changed" }>;

/**
 * What this process knows of a service's breaker: fed by every answer of the store and by push.
 *
 * Answers may overtake each other, so a lower version never replaces a higher one, unless the store was asked after that
 * was heard of: then it has lost it, or an operator deleted the key. It is only ever a reason to ask the store sooner, so
 * that an outdated view costs a question and never a call.
 */
export class BreakerView {
  readonly #clock: Clock;
  #state: BreakerState | null = null;
  /** When this version was first heard of. */
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  get state(): BreakerState | null {
    return this.#state;
  }

  /** @param askedAt when the store was asked that answers so, monotonic ms; absent: nobody knows */
  note(state: BreakerState, askedAt = Number.NEGATIVE_INFINITY): void {
    const known = this.#state;
    if (known && state.version < known.version && askedAt <= this.#heardAt) return;
    this.#set(state);
  }

  /** A change says nothing of the counts; the next answer does. */
  noteChange({ newState, version, retryAt, at }: BreakerChange): void {
    if (this.#state && version <= this.#state.version) return;
    const counts = { version, failures: 0, successes: 0 };
    if (newState === "CLOSED") this.#set({ ...counts, state: newState, closedAt: at });
    else if (newState === "OPEN") this.#set({ ...counts, state: newState, openedAt: at, retryAt });
    else this.#set({ ...counts, state: newState, openedAt: at, probes: 0 });
  }

  /** The connection was lost: changes may have been missed, and the store may have lost its last ones. */
  forget(): void {
    this.#state = null;
  }

  /**
   * Whether nobody will be let through at `now`, epoch ms. The instants are the store's: with clocks apart it is
   * asked in vain, or by the first call.
   */
  isOpenAt(now: number): boolean {
    if (this.#state?.state !== "OPEN") return false;
    return this.#state.retryAt === null || now < this.#state.retryAt;
  }

  #set(state: BreakerState): void {
    if (state.version !== this.#state?.version) this.#heardAt = this.#clock.nowMs();
    this.#state = state;
  }
}

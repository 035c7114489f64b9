import type { BreakerState, ServiceEvent } from "@workstream/core";

type BreakerChange = Extract<ServiceEvent, { type: "circuit_breaker_changed" }>;

/**
 * What this process knows of a service's breaker: fed by every answer of the store and by push.
 *
 * Answers may overtake each other, so a lower version never replaces a higher one. It is only ever a reason to ask
 * the store sooner, so that an outdated view costs a question and never a call.
 */
export class BreakerView {
  #state: BreakerState | null = null;

  get state(): BreakerState | null {
    return this.#state;
  }

  note(state: BreakerState): void {
    if (!this.#state || state.version >= this.#state.version) this.#state = state;
  }

  /** A change says nothing of the counts; the next answer does. */
  noteChange({ newState, version, retryAt, at }: BreakerChange): void {
    if (this.#state && version <= this.#state.version) return;
    const counts = { version, failures: 0, successes: 0 };
    if (newState === "CLOSED") this.#state = { ...counts, state: newState, closedAt: at };
    else if (newState === "OPEN") this.#state = { ...counts, state: newState, openedAt: at, retryAt };
    else this.#state = { ...counts, state: newState, openedAt: at, probes: 0 };
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
}

import type { ParkedFor } from "@workstream/core";
import type { Attempt } from "../attempt/attempt.ts";
import type { Clock } from "../clock.ts";
import { park, type Verdict } from "../definition/verdict.ts";
import { Latch } from "../latch.ts";
import type { TurnTicket } from "./turn-ticket.ts";

/**
 * In an outage other tasks take their turns at the probes. A task that fails by itself, with no other to close the breaker,
 * has them all: from here on each uses up an attempt, so that it comes to its end.
 */
const maxFreeFailures = 5;

/**
 * What the calls of one attempt have come to, over all its services, and with that what a refusal means.
 *
 * While none has gone through, nothing is lost by running the attempt again: it is parked. Once one has, it was
 * paid for: later ones wait. Remembered steps make it nothing to lose again, as soon as no call is under way.
 */
export class AttemptGuard {
  /** Opened when what a refusal means may have changed. */
  readonly changed = new Latch();
  readonly #attempt: Attempt;
  readonly #clock: Clock;
  readonly #tickets = new Set<TurnTicket>();
  /** Failed calls in a row that used up no attempt of this task. */
  #freeFailures: number;
  #underWay = 0;
  #wentThrough = 0;

  constructor(attempt: Attempt, clock: Clock) {
    this.#attempt = attempt;
    this.#freeFailures = attempt.task.freeFailures;
    this.#clock = clock;
  }

  get mayPark(): boolean {
    if (this.#underWay > 0) return false;
    const { steps } = this.#attempt;
    return this.#wentThrough === 0 || (steps ? steps.hasRemembered && !steps.isWriting : false);
  }

  /** A call of an outage that the fleet knows of; false when this task has had so many that it must pay for them. */
  forgives(): boolean {
    if (this.#freeFailures >= maxFreeFailures) return false;
    this.#freeFailures += 1;
    return true;
  }

  begin(): void {
    this.#underWay += 1;
  }

  end({ wentThrough }: { wentThrough: boolean }): void {
    this.#underWay -= 1;
    if (wentThrough) {
      this.#wentThrough += 1;
      this.#freeFailures = 0;
    }
    this.changed.open();
  }

  /** A wait that ends when the attempt is parked. */
  async waiting<T>(ticket: TurnTicket, wait: () => Promise<T>): Promise<T> {
    this.#tickets.add(ticket);
    try {
      return await wait();
    } finally {
      this.#tickets.delete(ticket);
    }
  }

  /** Whatever the handler makes of it, the attempt ends parked; what else it waits for ends here. */
  park(delayMs: number, waitsFor: ParkedFor): Verdict {
    const parkedFor = { ...waitsFor, freeFailures: this.#freeFailures };
    const verdict = park(delayMs, `Parked: ${parkedFor.why}`, parkedFor);
    this.#attempt.parking ??= { dueAt: this.#clock.nowMs() + delayMs, verdict, parkedFor };
    for (const ticket of this.#tickets) ticket.withdraw(verdict);
    this.changed.open();
    return verdict;
  }
}

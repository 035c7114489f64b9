import type { ParkedFor } from "@workstream/core";
import type { Attempt } from "../attempt/attempt.ts";
import type { Clock } from "../clock.ts";
import { park, type Verdict } from "../definition/verdict.ts";
import { Latch } from "../latch.ts";
import type { TurnTicket } from "./turn-ticket.ts";

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
  #underWay = 0;
  #wentThrough = 0;

  constructor(attempt: Attempt, clock: Clock) {
    this.#attempt = attempt;
    this.#clock = clock;
  }

  get mayPark(): boolean {
    if (this.#underWay > 0) return false;
    const { steps } = this.#attempt;
    return this.#wentThrough === 0 || (steps ? steps.hasRemembered && !steps.isWriting : false);
  }

  begin(): void {
    this.#underWay += 1;
  }

  end({ wentThrough }: { wentThrough: boolean }): void {
    this.#underWay -= 1;
    if (wentThrough) this.#wentThrough += 1;
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
  park(delayMs: number, parkedFor: ParkedFor): Verdict {
    const verdict = park(delayMs, `Parked: ${parkedFor.why}`, parkedFor);
    this.#attempt.parking ??= { dueAt: this.#clock.nowMs() + delayMs, verdict, parkedFor };
    for (const ticket of this.#tickets) ticket.withdraw(verdict);
    this.changed.open();
    return verdict;
  }
}

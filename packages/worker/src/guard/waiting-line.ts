import type { TurnPlace } from "./turn-place.ts";

/** Someone who waits for a turn. While the store is asked about the place, it stays as it is. */
export type Waiting = { place: TurnPlace; isConfirming: boolean };

/**
 * Who waits for a turn here, in the order in which they came.
 *
 * A place that becomes free goes to the first who comes to turn sooner by it, theirs to the next, and so on: what
 * is left at the end is the latest place, which the store can take back in full.
 */
export class WaitingLine<Waiter extends Waiting> {
  readonly #line: Waiter[] = [];

  get isEmpty(): boolean {
    return this.#line.length === 0;
  }

  add(waiter: Waiter): void {
    this.#line.push(waiter);
  }

  remove(waiter: Waiter): void {
    const index = this.#line.indexOf(waiter);
    if (index >= 0) this.#line.splice(index, 1);
  }

  /** Those about whose places the store is not being asked. */
  idle(): Waiter[] {
    return this.#line.filter(({ isConfirming }) => !isConfirming);
  }

  /** The next instant at which someone is due; infinity when nobody is. */
  nextDueAt(): number {
    return this.idle().reduce(
      (earliest, { place }) => Math.min(earliest, place.dueAt),
      Number.POSITIVE_INFINITY,
    );
  }

  /** The instant by which everyone is due who is due within `ms` of the next one. */
  groupDueAt(ms: number): number {
    const first = this.nextDueAt();
    return this.idle().reduce((latest, { place: { dueAt } }) => {
      return dueAt <= first + ms ? Math.max(latest, dueAt) : latest;
    }, first);
  }

  /** The first who can use a free place better than their own. */
  firstFor(free: TurnPlace): Waiter | undefined {
    return this.#line.find((waiter) => gains(waiter, free));
  }

  /** Moves everyone up who gains by it, and answers the place that nobody has use for. */
  moveUp(free: TurnPlace): TurnPlace {
    let left = free;
    for (const waiter of this.#line) {
      if (!gains(waiter, left)) continue;
      const own = waiter.place;
      waiter.place = left;
      left = own;
    }
    return left;
  }
}

function gains({ place, isConfirming }: Waiting, free: TurnPlace): boolean {
  return !isConfirming && free.dueAt < place.dueAt && free.cost === place.cost && free.tokens >= place.tokens;
}

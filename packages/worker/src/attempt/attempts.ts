import type { Attempt } from "./attempt.ts";

/**
 * The attempts that a worker holds, in no order.
 *
 * An array in which each knows its place, and not a Set: one that changes all the time leaves a table behind every few hundred
 * changes, with all that was in it, and once such a table is old the collector of young objects keeps every later one.
 */
export class Attempts implements Iterable<Attempt> {
  readonly #all: Attempt[] = [];

  get size(): number {
    return this.#all.length;
  }

  add(attempt: Attempt): void {
    attempt.place = this.#all.length;
    this.#all.push(attempt);
  }

  /** Whether it was there. */
  delete(attempt: Attempt): boolean {
    const { place } = attempt;
    if (this.#all[place] !== attempt) return false;
    const last = this.#all.pop() as Attempt;
    if (last !== attempt) {
      this.#all[place] = last;
      last.place = place;
    }
    return true;
  }

  /** Those of now: what is taken out meanwhile is met all the same. */
  [Symbol.iterator](): IterableIterator<Attempt> {
    return this.#all.slice().values();
  }
}

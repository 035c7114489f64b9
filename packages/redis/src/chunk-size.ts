/**
 * How many tasks a script that acts on many is given, so that it holds Redis for some 1 ms whatever a task costs it.
 *
 * A script can't look at the clock itself: since Redis 7.2 time stands still in it. So its caller goes by how long the
 * last ones took, the way there and back and the wait for others included: where Redis is busy, chunks get smaller.
 */
const targetMs = 1;
/** The first script is compiled as well, which takes Redis longer than the tasks do. */
const first = 10;

export class ChunkSize {
  readonly #least: number;
  readonly #most: number;
  #size: number;

  constructor({ least, most }: { least: number; most: number }) {
    this.#least = least;
    this.#most = most;
    this.#size = Math.max(least, Math.min(first, most));
  }

  get size(): number {
    return this.#size;
  }

  /** A script did `count` tasks in `tookMs`. One that was late halves the size at most, one that was early adds a quarter. */
  learn(count: number, tookMs: number): void {
    const saysLittle = count < this.#size / 2 && tookMs < targetMs;
    if (saysLittle) return;
    const ideal = (count * targetMs) / tookMs;
    const next = Math.max(this.#size / 2, Math.min(ideal, this.#size * 1.25));
    this.#size = Math.round(Math.max(this.#least, Math.min(next, this.#most)));
  }
}

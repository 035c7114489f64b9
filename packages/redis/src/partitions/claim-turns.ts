/**
 * Which partition a claim asks first. Each is served as much as the others as long as it has work: the one that gave the fewest
 * tasks goes first, unless a settlement goes to another one anyway and that is hardly ahead. One that gave less than was
 * asked for is taken for empty for a moment, or until something wakes its workers, and then goes last; when it has work
 * again it begins where the others are, so that it can't make up for the time without.
 */
const emptyMs = 50;

export class ClaimTurns {
  readonly #served: number[];
  readonly #emptyUntil: number[];
  readonly #nowMs: () => number;

  constructor(count: number, nowMs: () => number = () => performance.now()) {
    this.#served = Array<number>(count).fill(0);
    this.#emptyUntil = Array<number>(count).fill(0);
    this.#nowMs = nowMs;
  }

  isEmpty(index: number): boolean {
    return (this.#emptyUntil[index] ?? 0) > this.#nowMs();
  }

  /** All partitions. @param visited those that are asked something anyway @param limit tasks of the claim */
  order(visited: readonly number[], limit: number): number[] {
    const least = this.#least();
    const rank = (index: number) => {
      const served = this.#served[index] ?? 0;
      const isFree = visited.includes(index) && served <= least + limit;
      return [Number(this.isEmpty(index)), isFree ? -1 : 0, served] as const;
    };
    return this.#served.map((_, index) => index).sort((a, b) => compare(rank(a), rank(b)));
  }

  note(index: number, asked: number, taken: number): void {
    const wasEmpty = (this.#emptyUntil[index] ?? 0) > 0;
    if (taken > 0) {
      const served = this.#served[index] ?? 0;
      this.#served[index] = (wasEmpty ? Math.max(served, this.#least(index)) : served) + taken;
    }
    this.#emptyUntil[index] = taken < asked ? this.#nowMs() + emptyMs : 0;
  }

  /** It did not answer. */
  noteAway(index: number): void {
    this.#emptyUntil[index] = this.#nowMs() + emptyMs;
  }

  expectWork(index: number): void {
    if (this.isEmpty(index)) this.#emptyUntil[index] = this.#nowMs();
  }

  /** What the busy partition that was served least got; 0 where none is busy. */
  #least(except?: number): number {
    const busy = this.#served.filter((_, index) => index !== except && !this.isEmpty(index));
    return busy.length === 0 ? 0 : Math.min(...busy);
  }
}

function compare(left: readonly number[], right: readonly number[]): number {
  const at = left.findIndex((value, index) => value !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

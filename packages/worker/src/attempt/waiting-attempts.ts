import type { Lane } from "@workstream/core";
import type { Attempt } from "./attempt.ts";

const ranks = { high: 0, normal: 1, retry: 1, low: 2 } as const satisfies Record<Lane, number>;
/** One in so many begins because it waits the longest: a claim gives the lowest lane a tenth as well. */
const oldestEvery = 10;

/** Attempts that wait for a slot: what was claimed from a higher lane begins before what came earlier from a lower one. */
export class WaitingAttempts {
  readonly #lines = [new Line(), new Line(), new Line()];
  #size = 0;
  #taken = 0;

  get size(): number {
    return this.#size;
  }

  /** The one that waits the longest. */
  get oldest(): Attempt | undefined {
    return this.#oldestLine()?.first;
  }

  add(attempt: Attempt): void {
    this.#lineOf(attempt).push(attempt);
    this.#size += 1;
  }

  /** Takes the one that is to begin next. */
  take(): Attempt | undefined {
    this.#taken = (this.#taken + 1) % oldestEvery;
    const line =
      this.#taken === 0 ? this.#oldestLine() : this.#lines.find(({ first }) => first !== undefined);
    if (line !== undefined) this.#size -= 1;
    return line?.shift();
  }

  /** Takes all, of each rank in their order. */
  takeAll(): Attempt[] {
    this.#size = 0;
    return this.#lines.flatMap((line) => line.takeAll());
  }

  remove(attempt: Attempt): void {
    if (this.#lineOf(attempt).remove(attempt)) this.#size -= 1;
  }

  #lineOf({ task }: Attempt): Line {
    return this.#lines[ranks[task.lane]] as Line;
  }

  #oldestLine(): Line | undefined {
    let oldest: Line | undefined;
    for (const line of this.#lines) {
      if (line.first && !(oldest?.first && oldest.first.startedAt <= line.first.startedAt)) oldest = line;
    }
    return oldest;
  }
}

/** First in, first out. */
class Line {
  #attempts: Attempt[] = [];
  /** How many at the head of `#attempts` have left. */
  #left = 0;

  get first(): Attempt | undefined {
    return this.#attempts[this.#left];
  }

  push(attempt: Attempt): void {
    this.#attempts.push(attempt);
  }

  shift(): Attempt | undefined {
    const first = this.#attempts[this.#left];
    this.#left += 1;
    if (this.#left >= this.#attempts.length) this.#empty();
    return first;
  }

  remove(attempt: Attempt): boolean {
    const at = this.#attempts.indexOf(attempt, this.#left);
    if (at >= 0) this.#attempts.splice(at, 1);
    return at >= 0;
  }

  takeAll(): Attempt[] {
    const all = this.#attempts.slice(this.#left);
    this.#empty();
    return all;
  }

  #empty(): void {
    this.#attempts = [];
    this.#left = 0;
  }
}

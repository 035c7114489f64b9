/** Counts what is done, and times batches of it. */
export class Stopwatch {
  #done = 0;
  #total = Number.POSITIVE_INFINITY;
  #warmUp = 0;
  #startedAt = 0;
  #onDone: (rate: number) => void = () => {};

  get done(): number {
    return this.#done;
  }

  /** Resolves with the rate (a second) once `total` more are done, counted from the moment a tenth of them was. */
  time(total: number): Promise<number> {
    this.#total = this.#done + total;
    this.#warmUp = this.#done + Math.max(1, Math.floor(total / 10));
    return new Promise((resolve) => {
      this.#onDone = resolve;
    });
  }

  readonly count = (): void => {
    this.#done += 1;
    if (this.#done === this.#warmUp) this.#startedAt = performance.now();
    if (this.#done !== this.#total) return;
    this.#onDone(((this.#total - this.#warmUp) / (performance.now() - this.#startedAt)) * 1000);
  };
}

type Parts<Item> = {
  /** A script that takes more would hold the store for too long. */
  size: number;
  /** Sees to its own faults: it never rejects. */
  send(items: Item[]): Promise<void>;
};

/** Gathers what is added in one turn of the event loop and sends it at the turn's end, a batch at a time. */
export class LoopBatch<Item> {
  readonly #parts: Parts<Item>;
  readonly #sending = new Set<Promise<void>>();
  #items: Item[] = [];

  constructor(parts: Parts<Item>) {
    this.#parts = parts;
  }

  add(item: Item): void {
    this.#items.push(item);
    if (this.#items.length === 1) setImmediate(() => this.flush());
  }

  /** Resolves when everything that was added until now has been sent and answered. */
  async idle(): Promise<void> {
    this.flush();
    await Promise.all(this.#sending);
  }

  /** Does not wait for the turn's end. */
  flush(): void {
    const items = this.#items;
    this.#items = [];
    for (let from = 0; from < items.length; from += this.#parts.size) {
      const sent = this.#parts.send(items.slice(from, from + this.#parts.size));
      this.#sending.add(sent);
      void sent.then(() => this.#sending.delete(sent));
    }
  }
}

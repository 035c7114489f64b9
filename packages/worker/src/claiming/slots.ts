/** A queue that the worker serves, with the bound of the type that has it to itself. */
export type ServedQueue = { queue: string; concurrency: number | null };

/** What a claim may take: by queue, and over all. */
export type SlotOffer = { queues: Readonly<Record<string, number>>; limit: number };

/**
 * Counts the slots of one worker. Every slot is free, offered to a claim that is under way, or held by an
 * attempt until its settlement is sent.
 *
 * A settlement whose answer is missing takes its slot back, so a store that is away fills the slots with
 * results to keep, and never more than there are slots. Free slots may be negative for that while.
 */
export class Slots {
  #free: number;
  readonly #queues: string[];
  readonly #bounded: Map<string, number>;
  #first = 0;

  constructor(concurrency: number, served: readonly ServedQueue[]) {
    this.#free = concurrency;
    this.#queues = served.map(({ queue }) => queue);
    const bounded = served.filter((each): each is { queue: string; concurrency: number } => {
      return each.concurrency !== null && each.concurrency < concurrency;
    });
    this.#bounded = new Map(bounded.map(({ queue, concurrency: bound }) => [queue, bound]));
  }

  get free(): number {
    return Math.max(0, this.#free);
  }

  /** Queues from which a task could be taken now. */
  openQueues(): string[] {
    return this.#free <= 0 ? [] : this.#queues.filter((queue) => this.#room(queue, 1) > 0);
  }

  /**
   * Sets free slots aside for one claim, at most `most`; null when there is none. Queues take turns at being
   * asked first, so that a deep one does not keep the others waiting.
   */
  offer(most: number): SlotOffer | null {
    const queues = this.#share(Math.min(this.#free, most));
    const asked = Object.values(queues).reduce((sum, room) => sum + room, 0);
    const limit = Math.min(this.#free, most, asked);
    if (limit <= 0) return null;
    this.#free -= limit;
    for (const queue of this.#bounded.keys()) this.#move(queue, -(queues[queue] ?? 0));
    return { queues, limit };
  }

  /** Ends an offer, when its claim was answered or given up. */
  withdraw({ queues, limit }: SlotOffer): void {
    this.#free += limit;
    for (const queue of this.#bounded.keys()) this.#move(queue, queues[queue] ?? 0);
  }

  hold(queue: string): void {
    this.#free -= 1;
    this.#move(queue, -1);
  }

  release(queue: string): void {
    this.#free += 1;
    this.#move(queue, 1);
  }

  #share(limit: number): Record<string, number> {
    const shares: Record<string, number> = {};
    for (let step = 0; step < this.#queues.length; step += 1) {
      const queue = this.#queues[(this.#first + step) % this.#queues.length] ?? "";
      const room = this.#room(queue, limit);
      if (room > 0) shares[queue] = room;
    }
    this.#first = (this.#first + 1) % this.#queues.length;
    return shares;
  }

  #room(queue: string, limit: number): number {
    return Math.min(this.#bounded.get(queue) ?? limit, limit);
  }

  #move(queue: string, by: number): void {
    const room = this.#bounded.get(queue);
    if (room !== undefined) this.#bounded.set(queue, room + by);
  }
}

/** A queue that the worker serves, with the bound of the type that has it to itself. */
export type ServedQueue = { queue: string; concurrency: number | null };

/** What a claim may take: by queue, and over all. */
export type SlotOffer = { queues: Readonly<Record<string, number>>; limit: number };

/** How many tasks of a queue may be claimed ahead of free slots, with so many slots. */
export type Ahead = (queue: string, slots: number) => number;

/** Held and offered together where there are fewer slots: one script may settle and claim as many. */
const mostEngaged = 250;

/**
 * Counts the slots of one worker, and what it may hold beside them.
 *
 * A task is held from its claim until its settlement is sent; it occupies a slot while its handler runs. What
 * is held or offered to a claim under way is no more than there are slots, and what may be claimed ahead of them
 * from queues whose tasks are known to be fast; where that has shrunk, what is held shrinks to it step by step.
 * Never do more handlers run than there are slots, and from a queue with a bound of its own never is more held than that.
 *
 * A settlement whose answer is missing is held again, so a store that is away fills the worker with results to
 * keep, and never more than it may hold. Free slots may be negative for that while.
 */
export class Slots {
  readonly #count: number;
  #free: number;
  #held = 0;
  /** Tasks that were let go since the last offer. */
  #letGo = 0;
  #occupied = 0;
  readonly #queues: string[];
  readonly #bounded: Map<string, number>;
  readonly #ahead: Ahead;
  #first = 0;

  constructor(concurrency: number, served: readonly ServedQueue[], ahead: Ahead = () => 0) {
    this.#count = concurrency;
    this.#free = concurrency;
    this.#ahead = ahead;
    this.#queues = served.map(({ queue }) => queue);
    const bounded = served.filter((each): each is { queue: string; concurrency: number } => {
      return each.concurrency !== null && each.concurrency < concurrency;
    });
    this.#bounded = new Map(bounded.map(({ queue, concurrency: bound }) => [queue, bound]));
  }

  get free(): number {
    return Math.max(0, this.#free);
  }

  /** Slots that no task holds, whether they are offered to a claim or not. */
  get unheld(): number {
    return Math.max(0, this.#count - this.#held);
  }

  /** No queue may take one of them. */
  get isUnused(): boolean {
    return this.#queues.length === 0;
  }

  /** Nothing is held. */
  get isIdle(): boolean {
    return this.#held === 0;
  }

  /** Held, or offered to claims. */
  get engaged(): number {
    return this.#count - this.#free;
  }

  /** Another handler may run. */
  get hasRoom(): boolean {
    return this.#occupied < this.#count;
  }

  /** A handler began. */
  occupy(): void {
    this.#occupied += 1;
  }

  /** A handler ended; what it made is held on until it is sent. */
  vacate(): void {
    this.#occupied -= 1;
  }

  /** Queues from which a task could be taken now for a free slot. */
  openQueues(): string[] {
    return this.#free <= 0 ? [] : this.#queues.filter((queue) => this.#room(queue, 1) > 0);
  }

  /**
   * Sets aside for one claim what is free, and what may be claimed ahead, at most `most`; null when there is
   * nothing. Queues take turns at being asked first, so that a deep one does not keep the others waiting.
   */
  offer(most: number): SlotOffer | null {
    return this.#offer(most, (queue) => this.#aheadOf(queue));
  }

  /** Sets aside what is free, and nothing ahead. */
  offerFree(most: number): SlotOffer | null {
    return this.#offer(most, () => 0);
  }

  #offer(most: number, aheadOf: (queue: string) => number): SlotOffer | null {
    const queues: Record<string, number> = {};
    let [asked, widest] = [0, 0];
    for (let step = 0; step < this.#queues.length; step += 1) {
      const queue = this.#queues[(this.#first + step) % this.#queues.length] ?? "";
      const room = this.#room(queue, Math.min(most, this.#spare(aheadOf(queue))));
      if (room <= 0) continue;
      queues[queue] = room;
      asked += room;
      widest = Math.max(widest, room);
    }
    this.#first = (this.#first + 1) % this.#queues.length;
    const limit = Math.min(asked, most, Math.max(this.#free, widest));
    if (limit <= 0) return null;
    this.#letGo = 0;
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
    this.#held += 1;
    this.#free -= 1;
    this.#move(queue, -1);
  }

  release(queue: string): void {
    this.#held -= 1;
    this.#letGo += 1;
    this.#free += 1;
    this.#move(queue, 1);
  }

  /**
   * How many more may be claimed with so many ahead. Where more than that are held, for the tasks of the queue take longer
   * than when those were claimed, one is claimed for two that are let go: what is urgent must not wait until the rest has run.
   */
  #spare(ahead: number): number {
    const spare = this.#free + ahead;
    return ahead > 0 ? Math.max(spare, Math.floor(this.#letGo / 2)) : spare;
  }

  #aheadOf(queue: string): number {
    const room = mostEngaged - this.#count;
    if (room <= 0 || this.#bounded.has(queue)) return 0;
    return Math.min(room, this.#ahead(queue, this.#count));
  }

  #room(queue: string, limit: number): number {
    return Math.min(this.#bounded.get(queue) ?? limit, limit);
  }

  #move(queue: string, by: number): void {
    const room = this.#bounded.get(queue);
    if (room !== undefined) this.#bounded.set(queue, room + by);
  }
}

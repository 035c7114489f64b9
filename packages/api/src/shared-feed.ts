import type { EventFeed, StoreEvents } from "@workstream/core";

type Listener = { onEvents(events: StoreEvents): void; onGap(): void };
type Subscription = Awaited<ReturnType<EventFeed["subscribe"]>>;

/** One subscription to the store for all that listens in this gateway: it opens with the first and closes with the last. */
export class SharedFeed implements EventFeed {
  readonly #feed: EventFeed;
  readonly #listeners = new Set<Listener>();
  #open: Promise<Subscription> | null = null;

  constructor(feed: EventFeed) {
    this.#feed = feed;
  }

  async subscribe(listener: Listener): Promise<Subscription> {
    const own: Listener = {
      onEvents: (events) => listener.onEvents(events),
      onGap: () => listener.onGap(),
    };
    this.#listeners.add(own);
    try {
      await this.#opened();
    } catch (error) {
      this.#listeners.delete(own);
      throw error;
    }
    return { close: () => this.#leave(own) };
  }

  #opened(): Promise<Subscription> {
    if (this.#open !== null) return this.#open;
    const open = this.#feed.subscribe({
      onEvents: (events) => {
        for (const listener of this.#listeners) listener.onEvents(events);
      },
      onGap: () => {
        for (const listener of this.#listeners) listener.onGap();
      },
    });
    this.#open = open;
    open.catch(() => {
      if (this.#open === open) this.#open = null;
    });
    return open;
  }

  async #leave(listener: Listener): Promise<void> {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    const open = this.#open;
    this.#open = null;
    await open?.then((subscription) => subscription.close()).catch(() => {});
  }
}

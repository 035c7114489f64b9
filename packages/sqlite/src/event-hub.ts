import type { EventFeed, QueueStatus, StoreEvents } from "@workstream/core";
import type { Transaction } from "./transaction.ts";

type Listener = { onEvents(events: StoreEvents): void };

/** Tells listeners in this process what each commit changed. Nothing is ever missed, so `onGap` is never called. */
export class EventHub implements EventFeed {
  readonly #listeners = new Set<Listener>();
  readonly #status: () => QueueStatus;

  /** @param status reads the counts; only called when somebody listens */
  constructor(status: () => QueueStatus) {
    this.#status = status;
  }

  async subscribe(listener: Listener): Promise<{ close(): Promise<void> }> {
    const own: Listener = { onEvents: (events) => listener.onEvents(events) };
    this.#listeners.add(own);
    return {
      close: async () => {
        this.#listeners.delete(own);
      },
    };
  }

  /**
   * What a transaction has to tell, read within it; null when it changed no task or nobody listens. A listener that
   * throws does so on its own, not in the store.
   */
  prepare({ changes, hasChanged, now }: Transaction): (() => void) | null {
    if (!hasChanged || this.#listeners.size === 0) return null;
    const events: StoreEvents = { changes, status: this.#status(), at: now };
    return () => {
      for (const listener of this.#listeners) queueMicrotask(() => listener.onEvents(events));
    };
  }

  close(): void {
    this.#listeners.clear();
  }
}

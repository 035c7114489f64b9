import {
  type QueueEvent,
  type QueueStatus,
  type StoreEvents,
  toStatusEvent,
  toTaskEvent,
} from "@workstream/core";

/**
 * Collects what the store publishes between two flushes. A burst loses single task events, oldest first, and never
 * the counts: every flush ends with the newest, if they changed.
 */
export class EventThinner {
  readonly #maxTaskEvents: number;
  #taskEvents: QueueEvent[] = [];
  #newest: { status: QueueStatus; atMs: number } | null = null;
  #shown = "";

  constructor(maxTaskEvents: number) {
    this.#maxTaskEvents = maxTaskEvents;
  }

  add({ changes, status, at }: StoreEvents): void {
    this.#newest = { status, atMs: at };
    for (const change of changes.slice(-this.#maxTaskEvents)) {
      const event = toTaskEvent(change, status);
      if (event !== null) this.#taskEvents.push(event);
    }
    this.#taskEvents.splice(0, this.#taskEvents.length - this.#maxTaskEvents);
  }

  /** Notes counts that readers have been shown otherwise. */
  show(status: QueueStatus): void {
    this.#shown = fingerprint(status);
  }

  take(): QueueEvent[] {
    const events = this.#taskEvents;
    const newest = this.#newest;
    this.#taskEvents = [];
    this.#newest = null;
    if (newest === null || fingerprint(newest.status) === this.#shown) return events;
    this.show(newest.status);
    return [...events, toStatusEvent("queue_update", newest.status, newest.atMs)];
  }
}

/** Equal for equal counts, whatever the order in which a store lists them. */
function fingerprint({ queues, states, retryRatio }: QueueStatus): string {
  return JSON.stringify([Object.entries(queues).sort(), Object.entries(states).sort(), retryRatio]);
}

import {
  type QueueEvent,
  type QueueStatus,
  type ServiceEvent,
  type StoreEvents,
  toServiceEvent,
  toStatusEvent,
  toTaskEvent,
} from "@workstream/core";

/** More changes of services than this between two flushes say nothing to anyone. */
const maxServiceEvents = 50;

/**
 * Collects what the store publishes between two flushes. A burst loses single task events, oldest first, and never
 * the counts: every flush ends with the newest, if they changed.
 */
export class EventThinner {
  readonly #maxTaskEvents: number;
  #taskEvents: QueueEvent[] = [];
  #serviceEvents: QueueEvent[] = [];
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

  addService(told: ServiceEvent): void {
    const event = toServiceEvent(told);
    if (event !== null) this.#serviceEvents.push(event);
    this.#serviceEvents.splice(0, this.#serviceEvents.length - maxServiceEvents);
  }

  /** Notes counts that readers have been shown otherwise. */
  show(status: QueueStatus): void {
    this.#shown = fingerprint(status);
  }

  take(): QueueEvent[] {
    const events = [...this.#serviceEvents, ...this.#taskEvents];
    const newest = this.#newest;
    this.#serviceEvents = [];
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

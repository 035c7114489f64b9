/** The store's own changes, as the scripts publish them on `queue-updates` (lua/lib/changes.lua). */
import type { EventFeed, QueueStatus, StoreEvents, TaskChange, TaskState } from "@workstream/core";
import type { StoreLink } from "./store-link.ts";
import type { Subscriber } from "./subscriber.ts";

type WireChange =
  | { type: "task_created"; task_id: string; task_type: string; state: TaskState; timestamp: number }
  | {
      type: "task_state_changed";
      task_id: string;
      task_type: string;
      old_state: TaskState;
      new_state: TaskState | null;
      timestamp: number;
    };
type WireStatus = {
  type: "queue_update";
  queue_depths: Record<string, number>;
  state_counts: QueueStatus["states"];
  retry_ratio: number;
  timestamp: number;
};

export class RedisEvents implements EventFeed {
  readonly #link: StoreLink;
  readonly #subscriber: Subscriber;

  constructor(link: StoreLink, subscriber: Subscriber) {
    this.#link = link;
    this.#subscriber = subscriber;
  }

  async subscribe(listener: {
    onEvents(events: StoreEvents): void;
    onGap(): void;
  }): Promise<{ close(): Promise<void> }> {
    const close = await this.#subscriber.subscribe(this.#link.keys.updates, {
      onMessage(message) {
        const events = readEvents(message);
        if (events) listener.onEvents(events);
      },
      onGap: () => listener.onGap(),
    });
    return { close };
  }
}

/** Null for a message that is not ours. */
export function readEvents(message: string): StoreEvents | null {
  try {
    const all = JSON.parse(message) as (WireChange | WireStatus)[];
    const status = all.find((event) => event.type === "queue_update");
    if (!status?.queue_depths || !status.state_counts) return null;
    return {
      changes: all.filter((event) => event.type !== "queue_update").map(readChange),
      status: {
        queues: status.queue_depths,
        states: status.state_counts,
        retryRatio: status.retry_ratio,
      },
      at: status.timestamp,
    };
  } catch {
    return null;
  }
}

function readChange(change: WireChange): TaskChange {
  const isNew = change.type === "task_created";
  return {
    id: change.task_id,
    type: change.task_type,
    oldState: isNew ? null : change.old_state,
    newState: isNew ? change.state : change.new_state,
    at: change.timestamp,
  };
}

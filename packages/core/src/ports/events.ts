import type { TaskState } from "../task-state.ts";
import type { QueueStatus } from "./reading.ts";

/** One change, as the stores publish it in the script that makes it. */
export type TaskChange = {
  id: string;
  type: string;
  /** Null when the task was created; `newState` null when it was deleted. */
  oldState: TaskState | null;
  newState: TaskState | null;
  at: number;
};

export type StoreEvents = {
  /** At most 100 a message; a script that changes more leaves out the rest, never the counts. */
  changes: TaskChange[];
  status: QueueStatus;
  at: number;
};

export interface EventFeed {
  /**
   * Every message until `close`. `onGap` tells that messages may have been missed (the connection was lost and is
   * back): read the status anew.
   */
  subscribe(listener: {
    onEvents(events: StoreEvents): void;
    onGap(): void;
  }): Promise<{ close(): Promise<void> }>;
}

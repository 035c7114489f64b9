import type { TaskState } from "../task-state.ts";

export type ManagementOutcome =
  | { outcome: "done"; from: TaskState; to: TaskState }
  | { outcome: "refused"; state: TaskState }
  | { outcome: "not_found" };

/** What operators do to single tasks and to queues. Each takes effect in one script or transaction. */
export interface TaskManagement {
  /** Cancels a task that is not terminal. A running one loses its lease here and now; its worker is told by push. */
  cancel(id: string, reason: string): Promise<ManagementOutcome>;

  /** FAILED, DLQ or CANCELLED → PENDING on the retry list of its queue: a new life, with its history kept. */
  retry(id: string, options: { resetRetryCount: boolean }): Promise<ManagementOutcome>;

  /** Removes every trace of the task from every structure, in any state. */
  delete(id: string): Promise<{ outcome: "deleted"; from: TaskState } | { outcome: "not_found" }>;

  /** Stops claims from a queue, fleet-wide. Answers whether that changed anything. */
  pause(queue: string): Promise<boolean>;
  resume(queue: string): Promise<boolean>;
  pausedQueues(): Promise<string[]>;

  /**
   * Finds tasks that are PENDING but in no lane, or ACTIVE with no live lease, and puts them on their retry list.
   * Walks all tasks in chunks that never hold the store.
   */
  requeueOrphaned(): Promise<{ found: number; requeued: number; errors: string[] }>;
}

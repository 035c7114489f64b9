import type { ServiceEvent, TaskChange, TaskState } from "@workstream/core";
import { lanePlace } from "./places.ts";

/** What a message to the listeners holds at most; the rest is left out, never the counts. */
const maxChanges = 100;

/** In the order of their columns in `throughput`. */
export const countedSteps = [
  "created",
  "completed",
  "failed",
  "cancelled",
  "retried",
  "buried",
  "promoted",
] as const;
type Counted = (typeof countedSteps)[number];
export type Completion = { totalMs: number; runMs: number };

/**
 * What one transaction gathers beside the rows it writes: the changes to publish, the queues to wake, the leases it
 * revoked, the figures to count. All of it takes effect at the commit or not at all.
 */
export class Transaction {
  readonly now: number;
  readonly changes: TaskChange[] = [];
  hasChanged = false;
  /** Queues that have claimable work which somebody may be waiting for, and whether some of it is of high priority. */
  readonly woken = new Map<string, boolean>();
  readonly revoked = new Map<string, string[]>();
  readonly counted: Record<Counted, number> = {
    created: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
    retried: 0,
    buried: 0,
    promoted: 0,
  };
  readonly completions: Completion[] = [];
  readonly serviceEvents: ServiceEvent[] = [];

  constructor(now: number) {
    this.now = now;
  }

  /** Notes that a task moved; from null when it was created, to null when it was deleted. */
  publish(task: { id: string; type: string }, oldState: TaskState | null, newState: TaskState | null): void {
    this.hasChanged = true;
    if (this.changes.length >= maxChanges) return;
    this.changes.push({ id: task.id, type: task.type, oldState, newState, at: this.now });
  }

  /** Notes the end of an attempt that failed: it was FAILED for a moment, unless it rests there. */
  publishFailure(task: { id: string; type: string }, newState: TaskState): void {
    this.publish(task, "ACTIVE", "FAILED");
    if (newState !== "FAILED") this.publish(task, "FAILED", newState);
  }

  countBurial(): void {
    this.count("failed");
    this.count("buried");
  }

  count(what: Counted): void {
    this.counted[what] += 1;
  }

  complete(completion: Completion): void {
    this.count("completed");
    this.completions.push(completion);
  }

  /** Leaves a wake-up token for whoever waits on this queue, and one for whoever waits on its high lane alone. */
  wake(queue: string, hasHigh: boolean): void {
    this.woken.set(queue, hasHigh || this.woken.get(queue) === true);
  }

  /** For a task that stands on a lane now. */
  wakeFor({ queue, place }: { queue: string; place: string }): void {
    this.wake(queue, place === lanePlace(queue, "high"));
  }

  revoke(workerId: string, taskId: string): void {
    const ids = this.revoked.get(workerId) ?? [];
    this.revoked.set(workerId, [...ids, taskId]);
  }
}

export type Retention = { maxAgeMs: number; maxCount: number };

export type RetentionPolicy = Record<"COMPLETED" | "FAILED" | "DLQ" | "CANCELLED", Retention>;

const day = 24 * 3_600_000;
export const defaultRetention: RetentionPolicy = {
  COMPLETED: { maxAgeMs: 7 * day, maxCount: 100_000 },
  FAILED: { maxAgeMs: 30 * day, maxCount: 100_000 },
  DLQ: { maxAgeMs: 30 * day, maxCount: 100_000 },
  CANCELLED: { maxAgeMs: 30 * day, maxCount: 100_000 },
};

export type ReapSettings = {
  leaseMs: number;
  /** Workers a task may take down before it is buried as WorkerLost. */
  maxLostWorkers: number;
  limit: number;
};

/** The small periodic duties. Any worker may do any of them at any time: each is one script or transaction. */
export interface TaskUpkeep {
  /** Moves at most `limit` due tasks to their queues. `nextDueInMs` is null when nothing is scheduled. */
  promote(limit: number): Promise<{ promoted: number; nextDueInMs: number | null }>;

  /**
   * Takes tasks whose lease ran out back to their retry list, or to the DLQ as WorkerLost after `maxLostWorkers`. The
   * first loss is a strike for all that the worker held; later ones are, and bury, only where the attempt is on record
   * as begun (`extend`): the others can't have taken it down.
   * Takes nothing for one lease length (`isWaiting`) after it has not run for 5 s, the server was restarted, or time
   * went back: leases that ran out during an outage belong to living workers.
   */
  reap(settings: ReapSettings): Promise<{ requeued: number; buried: number; isWaiting: boolean }>;

  /** Removes at most `limit` tasks (200 at most) that are past their retention, with every trace. */
  prune(policy: RetentionPolicy, limit: number): Promise<{ pruned: number }>;
}

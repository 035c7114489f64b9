/** `host-pid-random`, new at every start of a worker. */
export type WorkerId = string;

export type WorkerBeat = {
  workerId: WorkerId;
  hostname: string;
  pid: number;
  version: string;
  concurrency: number;
  /** Of these, slots that take tasks of high priority alone. */
  highPrioritySlots: number;
  queues: readonly string[];
  types: readonly string[];
  isDraining: boolean;
  /** Attempts completed and failed since the worker started. */
  completed: number;
  failed: number;
  eventLoopLagMs: number;
  memoryBytes: number;
  /** How long ago the claim loop last turned: a worker that beats but does not claim is stalled. */
  claimLoopAgeMs: number;
};

export type WorkerView = WorkerBeat & {
  /** Epoch ms on the store's clock. */
  lastBeatAt: number;
  beatAgeMs: number;
  /** What it holds: tasks that run, and those that it claimed ahead of a free slot. */
  activeTaskIds: string[];
};

/** Slots whose handler runs: a task is claimed ahead only while they are all taken. */
export function busySlots({ activeTaskIds, concurrency }: WorkerView): number {
  return Math.min(activeTaskIds.length, concurrency);
}

export interface WorkerRegistry {
  /** Announces the worker; the announcement lapses 90 s after the last beat. */
  beat(beat: WorkerBeat): Promise<void>;
  /** Takes the worker off the list, at the end of its drain. */
  leave(workerId: WorkerId): Promise<void>;
  /** Every worker seen in the last hour; at most `limit`. */
  list(limit?: number): Promise<WorkerView[]>;
  /**
   * Calls back with the ids of running tasks whose lease was revoked (cancelled or deleted). Best effort: what is
   * missed is learned from the refused extend. The answer unsubscribes.
   */
  onRevoked(workerId: WorkerId, listener: (taskIds: string[]) => void): Promise<() => Promise<void>>;
}

export const heartbeatTtlMs = 90_000;
/** A worker whose last beat is older is stale. */
export const staleAfterMs = 30_000;
/** A worker whose claim loop stood still for longer is stalled. */
export const stalledAfterMs = 15_000;

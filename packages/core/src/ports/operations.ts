import type { BulkAction, OperationState } from "../contracts/bulk-operation.ts";
import type { TaskFilter } from "./reading.ts";

/** What is to be done, and to which tasks. */
export type OperationRequest = {
  action: BulkAction;
  filter: TaskFilter;
  /** These tasks alone, of those that match. */
  taskIds: readonly string[] | null;
  /** At most so many, the newest first. */
  limit: number | null;
  resetRetryCount: boolean;
  /** The filter in its caller's words, for whoever looks at the operation. */
  asked: Record<string, unknown>;
};

export type OperationCount = { matched: number; isEstimate: boolean };

export type OperationRecord = {
  id: string;
  request: OperationRequest;
  total: number;
  isTotalEstimate: boolean;
  done: number;
  /** Changed meanwhile, so that the action no longer applied. */
  skipped: number;
  /** Those whose action threw. */
  failed: number;
  state: OperationState;
  error: string | null;
  startedAt: number;
  updatedAt: number;
  finishedAt: number | null;
};

/** Who runs an operation, and for how long it counts as alive without a step. */
export type OperationLease = { owner: string; leaseMs: number };

/** The last_error of what an operation cancels. */
export const bulkCancelReason = "Cancelled with others.";
export const maxOperations = 100;
export const operationKeptMs = 7 * 24 * 3_600_000;

/**
 * What is done to many tasks, in chunks, by one gateway at a time. What an operation is and how far it got stand in the
 * store, so that whoever takes its lease goes on where it stopped.
 *
 * It acts on tasks that matched when it started, each at most once: those that changed since then are passed over.
 */
export interface BulkOperations {
  /**
   * Stores a new operation that is running, leased to `lease.owner`; the last 100 are kept, for 7 days.
   * `too_many`: 100 are running, and nothing was stored.
   */
  create(
    operation: { id: string; request: OperationRequest; count: OperationCount },
    lease: OperationLease,
  ): Promise<"created" | "too_many">;

  get(id: string): Promise<OperationRecord | null>;
  /** Newest first. */
  list(limit: number): Promise<OperationRecord[]>;

  /** Takes the oldest running operation whose lease lapsed, and answers its id; null when there is none. */
  claim(lease: OperationLease): Promise<string | null>;

  /**
   * One chunk: acts on the next tasks, and stores the counts and where to go on, in one script or transaction of a few
   * ms that also moves the lease. Repeating it after an unknown outcome does no harm.
   * `ended`: it has completed, or was cancelled
   */
  step(id: string, lease: OperationLease): Promise<"more" | "ended" | "lease_lost">;

  /** Ends it with an error, under the lease. */
  fail(id: string, owner: string, error: string): Promise<void>;
  /** Gives the lease back: another may claim it at once. */
  release(id: string, owner: string): Promise<void>;
  /** Stops it after the chunk that is being done. False when it is not running. */
  cancel(id: string): Promise<boolean>;
}

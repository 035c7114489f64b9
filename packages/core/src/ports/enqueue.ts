import type { ContentKind } from "../task.ts";
import type { Priority } from "../task-names.ts";

/** What a task needs to be accepted. Everything is validated before it gets here. */
export type NewTask = {
  /** From `mintId`. The same id a second time is answered `exists` and changes nothing. */
  id: string;
  type: string;
  queue: string;
  priority: Priority;
  contentKind: ContentKind;
  /** The text, the input as JSON, or the file's name (the bytes then stand under `inputs`). */
  content: string;
  /** JSON object. */
  metadata: string;
  maxRetries: number;
  timeoutMs: number | null;
  /** Wait before the first run, from acceptance; 0 for none. */
  delayMs: number;
  /** Or the instant itself (epoch ms); in the past means now. */
  runAt: number | null;
  /** How long it may wait to start, from when it is first due. */
  expiresInMs: number | null;
  idempotency: { key: string; fingerprint: string } | null;
};

export type EnqueueOutcome =
  | { outcome: "created"; id: string; state: "PENDING" | "SCHEDULED" }
  /** The id, or the idempotency key with the same fingerprint, was accepted before. */
  | { outcome: "exists"; id: string }
  /** The idempotency key was used with another fingerprint. */
  | { outcome: "conflict"; id: string };

/** Idempotency keys are remembered this long. */
export const idempotencyTtlMs = 24 * 3_600_000;
export const maxBatchSize = 10_000;

export interface TaskIntake {
  /**
   * A new task id on the store's clock. Makes no round trip.
   * @param group what is accepted together: the task's idempotency key, or a name for the batch. A store in partitions
   * mints their ids for one of them.
   */
  mintId(group?: string): string;

  /**
   * Accepts one task.
   * @throws store_unavailable: it was not accepted · outcome_unknown: it may have been (details.task_id) ·
   * store_full: no memory, or the bound on stored input bytes is reached
   */
  enqueue(task: NewTask): Promise<EnqueueOutcome>;

  /**
   * Accepts all of `tasks` or none, at most 10,000. Outcomes stand in the order of the tasks. One `conflict` refuses
   * the whole batch: then no task was created, and the others are answered `refused`.
   */
  enqueueBatch(tasks: readonly NewTask[]): Promise<(EnqueueOutcome | { outcome: "refused"; id: string })[]>;

  /**
   * Whether every one of these idempotency keys, at most 10,000, is remembered, or held by a batch that is being accepted: what
   * comes under them is not new.
   * @throws store_unavailable
   */
  remembers(keys: readonly string[]): Promise<boolean>;
}

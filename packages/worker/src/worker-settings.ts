import {
  defaultRetention,
  defaultRetryRatio,
  isQueueName,
  type RetentionPolicy,
  type RetryRatioSettings,
} from "@workstream/core";

export type WorkerSettings = {
  /** Slots: attempts that run at once. 1–10,000. */
  concurrency: number;
  /**
   * Of these, slots that take tasks of high priority alone, so that one of those need not wait until another task ends. Types
   * with a concurrency of their own don't use them. 0 to `concurrency` - 1.
   */
  highPrioritySlots: number;
  /** Length of a lease, extended at a third of it. 1 s – 1 h. */
  leaseMs: number;
  /**
   * A failed task older than this is not retried, counted from when it was first due, without parked time.
   */
  maxTaskAgeMs: number;
  retryRatio: RetryRatioSettings;
  /** Workers a task may take down before it is buried as WorkerLost. At least 1. */
  maxLostWorkers: number;
  retention: RetentionPolicy;
  /** How long a drain may take, all in all. At 0 everything running is handed back at once. */
  graceMs: number;
  /** Of the program, for the list of workers. */
  version: string;
  /**
   * Queues to serve besides those on which the task types live. The worker must know every type put on them.
   */
  queues: readonly string[];
};

export const defaultWorkerSettings: WorkerSettings = {
  concurrency: 10,
  highPrioritySlots: 0,
  leaseMs: 30_000,
  maxTaskAgeMs: 7_200_000,
  retryRatio: defaultRetryRatio,
  maxLostWorkers: 3,
  retention: defaultRetention,
  graceMs: 30_000,
  version: "unknown",
  queues: [],
};

/** @throws RangeError that names the setting and its range */
export function assertSettings(settings: WorkerSettings): void {
  assertRange("concurrency", settings.concurrency, { min: 1, max: 10_000 });
  assertRange("highPrioritySlots", settings.highPrioritySlots, { min: 0, max: settings.concurrency - 1 });
  assertRange("leaseMs", settings.leaseMs, { min: 1000, max: 3_600_000 });
  assertRange("maxLostWorkers", settings.maxLostWorkers, { min: 1, max: 1000 });
  assertRange("graceMs", settings.graceMs, { min: 0, max: 86_400_000 });
  assertRange("maxTaskAgeMs", settings.maxTaskAgeMs, { min: 1, max: Number.MAX_SAFE_INTEGER });
  for (const queue of settings.queues) {
    if (!isQueueName(queue)) throw new RangeError(`queues: ${JSON.stringify(queue)} is not a queue name.`);
  }
}

function assertRange(name: string, value: number, { min, max }: { min: number; max: number }): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}.`);
}

import type { WorkerSettings } from "@workstream/worker";
import type { Config } from "./config-schema.ts";
import { programVersion } from "./program-version.ts";
import { retryRatioSettings } from "./retry-ratio-settings.ts";

const dayMs = 24 * 3_600_000;

/** What a worker is told, from the configuration. */
export function workerSettings(config: Config): Partial<WorkerSettings> {
  const completed = {
    maxAgeMs: config.RETENTION_COMPLETED_DAYS * dayMs,
    maxCount: config.RETENTION_COMPLETED_COUNT,
  };
  const failed = { maxAgeMs: config.RETENTION_FAILED_DAYS * dayMs, maxCount: config.RETENTION_FAILED_COUNT };
  return {
    version: programVersion(),
    concurrency: config.WORKER_CONCURRENCY,
    highPrioritySlots: config.WORKER_HIGH_PRIORITY_SLOTS,
    leaseMs: config.LEASE_SECONDS * 1000,
    graceMs: config.SHUTDOWN_GRACE_SECONDS * 1000,
    maxTaskAgeMs: config.MAX_TASK_AGE * 1000,
    maxLostWorkers: config.MAX_LOST_WORKERS,
    retryRatio: retryRatioSettings(config),
    retention: { COMPLETED: completed, FAILED: failed, DLQ: failed, CANCELLED: failed },
  };
}

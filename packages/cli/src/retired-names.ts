/**
 * Names of the Celery deployment that this program replaces, and what takes their place.
 */
const replacements: Record<string, string> = {
  CELERY_BROKER_URL: "use REDIS_URL",
  CELERY_RESULT_BACKEND: "results are kept with their tasks: use REDIS_URL",
  CELERY_WORKER_PREFETCH_MULTIPLIER: "a worker takes no more than it can run: use WORKER_CONCURRENCY",
  WORKER_PREFETCH_MULTIPLIER: "a worker takes no more than it can run: use WORKER_CONCURRENCY",
  CELERY_TASK_TIME_LIMIT: "a task type sets its own time limit, and so does timeout_seconds of a task",
  CELERY_TASK_SOFT_TIME_LIMIT: "a task type sets its own time limit, and so does timeout_seconds of a task",
  CELERY_TASK_MAX_RETRIES: "use MAX_RETRIES",
  CELERY_RESULT_EXPIRES: "use RETENTION_COMPLETED_DAYS",
  CELERY_BROKER_TRANSPORT_OPTIONS: "leases take the place of the visibility timeout: use LEASE_SECONDS",
  DEBUG: "use LOG_LEVEL=debug",
};

/** Obeyed while WORKER_CONCURRENCY is not set. */
const stillWorking = "CELERY_WORKER_CONCURRENCY";

/** One sentence for each retired name that is set. */
export function retiredNameWarnings(names: readonly string[]): string[] {
  return names.filter((name) => name in replacements || name.startsWith("CELERY_")).map(warningOf);
}

function warningOf(name: string): string {
  if (name === stillWorking) return `${name} still works; better use WORKER_CONCURRENCY.`;
  return `${name} is no setting of this program: ${replacements[name] ?? "nothing takes its place"}.`;
}

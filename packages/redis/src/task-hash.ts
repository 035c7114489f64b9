/** The hash of a task ↔ core's Task. A field that is absent is null here. */
import {
  type ContentKind,
  type ErrorEntry,
  type ErrorType,
  type Priority,
  stateHistory,
  type Task,
  type TaskState,
  timeOfTaskId,
} from "@workstream/core";

export type TaskHash = Readonly<Record<string, string | undefined>>;

/** All but the bodies, in the order of HMGET for summaries. */
export const summaryFields = [
  "task_id",
  "task_type",
  "queue",
  "priority",
  "state",
  "content_type",
  "input",
  "input_bytes",
  "metadata",
  "retry_count",
  "max_retries",
  "lost",
  "last_error",
  "error_type",
  "retry_after",
  "created_at",
  "updated_at",
  "started_at",
  "completed_at",
  "expires_at",
  "timeout_ms",
  "progress",
  "worker_id",
  "error_history",
  "history",
] as const;

/** What a summary knows of the bodies. */
export type BodyLengths = { contentBytes: number; hasResult: boolean };

/** A whole task; `content` and `result` are null when the hash was read without them. */
export function taskOfHash(id: string, hash: TaskHash, bodies?: BodyLengths): Task {
  const createdAt = instant(hash.created_at) ?? timeOfTaskId(id) ?? 0;
  const state = (hash.state ?? "PENDING") as TaskState;
  const startedAt = instant(hash.started_at);
  const completedAt = instant(hash.completed_at);
  const contentBytes = bodies?.contentBytes ?? Buffer.byteLength(hash.content ?? "");
  return {
    id,
    type: hash.task_type ?? "",
    queue: hash.queue ?? "primary",
    priority: (hash.priority ?? "normal") as Priority,
    state,
    contentKind: (hash.content_type ?? "text") as ContentKind,
    content: hash.content ?? null,
    contentLength: hash.input === "1" ? Number(hash.input_bytes ?? 0) : contentBytes,
    metadata: parseObject(hash.metadata),
    retryCount: Number(hash.retry_count ?? 0),
    maxRetries: Number(hash.max_retries ?? 3),
    lostCount: Number(hash.lost ?? 0),
    lastError: hash.last_error ?? null,
    errorType: (hash.error_type ?? null) as ErrorType | null,
    retryAfterAt: instant(hash.retry_after),
    createdAt,
    updatedAt: instant(hash.updated_at) ?? createdAt,
    startedAt,
    completedAt,
    expiresAt: instant(hash.expires_at),
    timeoutMs: instant(hash.timeout_ms),
    result: hash.result ?? null,
    hasResult: bodies?.hasResult ?? hash.result !== undefined,
    progress: hash.progress ?? null,
    workerId: hash.worker_id ?? null,
    errorHistory: parseErrors(hash.error_history),
    stateHistory: stateHistory({ state, packed: hash.history ?? null, createdAt, startedAt, completedAt }),
  };
}

function instant(text: string | undefined): number | null {
  return text === undefined || text === "" ? null : Number(text);
}

function parseObject(text: string | undefined): Record<string, unknown> {
  const value = parseJson(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

type WireError = {
  timestamp: string;
  error: string;
  error_type: ErrorType;
  retry_count: number;
  state_transition: string;
  worker_id: string | null;
};

function parseErrors(text: string | undefined): ErrorEntry[] {
  const entries = parseJson(text);
  if (!Array.isArray(entries)) return [];
  return (entries as WireError[]).map((entry) => ({
    at: Date.parse(entry.timestamp),
    error: entry.error,
    errorType: entry.error_type,
    retryCount: entry.retry_count,
    stateTransition: entry.state_transition,
    workerId: entry.worker_id,
  }));
}

function parseJson(text: string | undefined): unknown {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

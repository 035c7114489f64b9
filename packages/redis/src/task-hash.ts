/** The hash of a task ↔ core's Task. A field that is absent is null here. */
import {
  type ContentKind,
  type ErrorEntry,
  type ErrorType,
  errorTypes,
  priorities,
  stateHistory,
  type Task,
  taskStates,
  timeOfTaskId,
  unknownErrorGroup,
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
  "error_group",
  "retry_after",
  "created_at",
  "updated_at",
  "started_at",
  "completed_at",
  "expires_at",
  "timeout_ms",
  "progress",
  "worker_id",
  "parked_for",
  "parked_why",
  "error_history",
  "history",
] as const;

/** What a summary knows of the bodies. */
export type BodyLengths = { contentBytes: number; hasResult: boolean };

/** A whole task; `content` and `result` are null when the hash was read without them. */
export function taskOfHash(id: string, hash: TaskHash, bodies?: BodyLengths): Task {
  const createdAt = instant(hash.created_at) ?? timeOfTaskId(id) ?? 0;
  const state = oneOf(taskStates, hash.state) ?? "PENDING";
  const startedAt = instant(hash.started_at);
  const completedAt = instant(hash.completed_at);
  const contentBytes = bodies?.contentBytes ?? Buffer.byteLength(hash.content ?? "");
  return {
    id,
    type: hash.task_type ?? "",
    queue: hash.queue ?? "primary",
    priority: oneOf(priorities, hash.priority) ?? "normal",
    state,
    contentKind: oneOf(contentKinds, hash.content_type) ?? "text",
    content: hash.content ?? null,
    contentLength: hash.input === "1" ? count(hash.input_bytes, 0) : contentBytes,
    metadata: parseObject(hash.metadata),
    retryCount: count(hash.retry_count, 0),
    maxRetries: count(hash.max_retries, 3),
    lostCount: count(hash.lost, 0),
    lastError: hash.last_error ?? null,
    errorType: hash.error_type === undefined ? null : knownErrorType(hash.error_type),
    errorGroup: state === "DLQ" ? (hash.error_group ?? unknownErrorGroup) : null,
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
    ...parkedFacts(state, hash),
    errorHistory: parseErrors(hash.error_history),
    stateHistory: stateHistory({ state, packed: hash.history ?? null, createdAt, startedAt, completedAt }),
  };
}

/** Whoever takes a parked task out of SCHEDULED by hand leaves these fields. */
function parkedFacts(state: Task["state"], hash: TaskHash): Pick<Task, "parkedFor" | "parkedWhy"> {
  if (state !== "SCHEDULED") return { parkedFor: null, parkedWhy: null };
  return { parkedFor: hash.parked_for ?? null, parkedWhy: hash.parked_why ?? null };
}

const contentKinds = ["text", "json", "file"] as const satisfies readonly ContentKind[];

/** Other programs write hashes too: what is none of the values that we know is not taken for one. */
function oneOf<T extends string>(known: readonly T[], text: string | undefined): T | undefined {
  return known.find((value) => value === text);
}

function knownErrorType(text: string): ErrorType {
  return oneOf(errorTypes, text) ?? "Default";
}

function count(text: string | undefined, otherwise: number): number {
  const value = Number(text ?? otherwise);
  return Number.isSafeInteger(value) && value >= 0 ? value : otherwise;
}

/** The last instant of ECMAScript's calendar, in ms: past it there is no date to tell. */
const lastInstant = 8.64e15;

function instant(text: string | undefined): number | null {
  const value = text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && Math.abs(value) <= lastInstant ? value : null;
}

function parseObject(text: string | undefined): Record<string, unknown> {
  const value = parseJson(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** What is no entry of ours is left out. */
function parseErrors(text: string | undefined): ErrorEntry[] {
  const entries = parseJson(text);
  return Array.isArray(entries) ? entries.map(errorEntry).filter((entry) => entry !== null) : [];
}

function errorEntry(value: unknown): ErrorEntry | null {
  if (typeof value !== "object" || value === null) return null;
  const wire: Record<string, unknown> = { ...value };
  const at = Date.parse(String(wire.timestamp));
  if (Number.isNaN(at) || typeof wire.error !== "string") return null;
  return {
    at,
    error: wire.error,
    errorType: knownErrorType(String(wire.error_type)),
    retryCount: count(String(wire.retry_count), 0),
    stateTransition: String(wire.state_transition ?? ""),
    workerId: typeof wire.worker_id === "string" ? wire.worker_id : null,
  };
}

function parseJson(text: string | undefined): unknown {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

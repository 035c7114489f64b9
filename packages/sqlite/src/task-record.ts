import type { ContentKind, ErrorType, Priority, Task, TaskState } from "@workstream/core";
import { stateHistory } from "@workstream/core";
import { anyText, type SqlValue, textOfAny } from "./connection.ts";
import { parseErrors } from "./error-log.ts";

/**
 * A task's row without its bodies (content, result): what a step reads and writes. Field names are those of the
 * columns in camel case; absent values are null.
 */
export type TaskRecord = {
  seq: number;
  id: string;
  type: string;
  queue: string;
  priority: Priority;
  state: TaskState;
  place: string;
  rank: number;
  lease: number;
  retryCount: number;
  maxRetries: number;
  lost: number;
  createdAt: number;
  updatedAt: number;
  startedAt: number | null;
  completedAt: number | null;
  retryAfter: number | null;
  dueAt: number | null;
  parkedAt: number | null;
  expiresAt: number | null;
  timeoutMs: number | null;
  workerId: string | null;
  errorType: ErrorType | null;
  contentKind: ContentKind;
  contentBytes: number;
  hasInput: boolean;
  history: string | null;
  progress: string | null;
  metadata: string;
  errors: string | null;
  lastError: string | null;
  wasParked: boolean;
  errorGroup: string | null;
  parkedFor: string | null;
  parkedWhy: string | null;
  freeFailures: number;
  /** The lease of the attempt that is on record as begun. */
  begun: number | null;
};

/** In the order in which `recordOf` reads them. */
export const recordColumns = `seq, id, type, queue, priority, state, place, rank, lease, retry_count, max_retries, lost,
  created_at, updated_at, started_at, completed_at, retry_after, due_at, parked_at, expires_at, timeout_ms, worker_id,
  error_type, content_kind, content_bytes, has_input, history, progress, metadata, errors, CAST(last_error AS BLOB), was_parked,
  error_group,
  CASE WHEN parked_at IS NOT NULL THEN (SELECT name FROM parked_tasks WHERE task = seq) END,
  CASE WHEN parked_at IS NOT NULL THEN (SELECT CAST(why AS BLOB) FROM parked_tasks WHERE task = seq) END,
  free_failures, begun`;

export const recordWidth = 37;

export type Row = readonly unknown[];

export function recordOf(row: Row): TaskRecord {
  const text = (index: number) => row[index] as string;
  const number = (index: number) => row[index] as number;
  const numberOrNull = (index: number) => row[index] as number | null;
  const textOrNull = (index: number) => row[index] as string | null;
  return {
    seq: number(0),
    id: text(1),
    type: text(2),
    queue: text(3),
    priority: text(4) as Priority,
    state: text(5) as TaskState,
    place: text(6),
    rank: number(7),
    lease: number(8),
    retryCount: number(9),
    maxRetries: number(10),
    lost: number(11),
    createdAt: number(12),
    updatedAt: number(13),
    startedAt: numberOrNull(14),
    completedAt: numberOrNull(15),
    retryAfter: numberOrNull(16),
    dueAt: numberOrNull(17),
    parkedAt: numberOrNull(18),
    expiresAt: numberOrNull(19),
    timeoutMs: numberOrNull(20),
    workerId: textOrNull(21),
    errorType: textOrNull(22) as ErrorType | null,
    contentKind: text(23) as ContentKind,
    contentBytes: number(24),
    hasInput: number(25) !== 0,
    history: textOrNull(26),
    progress: textOrNull(27),
    metadata: text(28),
    errors: textOrNull(29),
    lastError: textOfAny(row[30]),
    wasParked: number(31) !== 0,
    errorGroup: textOrNull(32),
    parkedFor: textOrNull(33),
    parkedWhy: textOfAny(row[34]),
    freeFailures: number(35),
    begun: numberOrNull(36),
  };
}

/** Columns that steps change, each with its value. */
const changing: Record<string, (record: TaskRecord) => SqlValue> = {
  state: (record) => record.state,
  place: (record) => record.place,
  rank: (record) => record.rank,
  lease: (record) => record.lease,
  retry_count: (record) => record.retryCount,
  lost: (record) => record.lost,
  updated_at: (record) => record.updatedAt,
  started_at: (record) => record.startedAt,
  completed_at: (record) => record.completedAt,
  retry_after: (record) => record.retryAfter,
  due_at: (record) => record.dueAt,
  parked_at: (record) => record.parkedAt,
  expires_at: (record) => record.expiresAt,
  error_type: (record) => record.errorType,
  history: (record) => record.history,
  progress: (record) => record.progress,
  errors: (record) => record.errors,
  last_error: (record) => anyText(record.lastError),
  was_parked: (record) => (record.wasParked ? 1 : 0),
  error_group: (record) => record.errorGroup,
  free_failures: (record) => record.freeFailures,
};

export const saveRecordSql = `UPDATE tasks SET ${Object.keys(changing)
  .map((column) => `${column} = ?`)
  .join(", ")} WHERE seq = ?`;

export function saveRecordValues(record: TaskRecord): SqlValue[] {
  return [...Object.values(changing).map((value) => value(record)), record.seq];
}

export type Bodies = { content: string | null; result: string | null; hasResult: boolean };

export function toTask(record: TaskRecord, bodies: Bodies): Task {
  const { contentBytes, retryAfter, lost, errors, history, metadata } = record;
  return {
    id: record.id,
    type: record.type,
    queue: record.queue,
    priority: record.priority,
    state: record.state,
    contentKind: record.contentKind,
    content: bodies.content,
    contentLength: contentBytes,
    metadata: JSON.parse(metadata) as Record<string, unknown>,
    retryCount: record.retryCount,
    maxRetries: record.maxRetries,
    lostCount: lost,
    lastError: record.lastError,
    errorType: record.errorType,
    errorGroup: record.errorGroup,
    retryAfterAt: retryAfter,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    startedAt: record.startedAt,
    completedAt: record.completedAt,
    expiresAt: record.expiresAt,
    timeoutMs: record.timeoutMs,
    result: bodies.result,
    hasResult: bodies.hasResult,
    progress: record.progress,
    workerId: record.workerId,
    parkedFor: record.parkedFor,
    parkedWhy: record.parkedWhy,
    errorHistory: parseErrors(errors),
    stateHistory: stateHistory({ ...record, packed: history }),
  };
}

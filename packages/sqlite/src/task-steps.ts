import {
  type ErrorType,
  errorGroup,
  type Lane,
  maxErrorLength,
  type Settlement,
  type TaskState,
} from "@workstream/core";
import { appendError } from "./error-log.ts";
import { appendHistory } from "./history-log.ts";
import { lanePlace, type StatePlace } from "./places.ts";
import type { TaskRecord } from "./task-record.ts";

/**
 * The steps of the lifecycle, as changes to a record: docs/protocol.md, "Steps", line by line.
 *
 * Each changes the record and nothing else; the caller saves it in its transaction. claim and complete have their own
 * statements, since they are most of what a store does.
 */
export type StepContext = {
  now: number;
  /** Positions in lanes and in the DLQ. */
  ranks: { tail(): number; head(): number };
};

/** `isOurs`: the store's own words, not a handler's, so that the error type alone says what happened. */
export type Failure = { error: string; errorType: ErrorType; isOurs?: boolean };

export function backOff(record: TaskRecord, failure: Failure, delayMs: number, { now }: StepContext): void {
  logError(record, failure, "SCHEDULED", now);
  record.retryCount += 1;
  record.retryAfter = now + delayMs;
  moveTo(record, "SCHEDULED", record.retryAfter, now, ["ACTIVE", "FAILED", "SCHEDULED"]);
}

/** To the DLQ: after a failed attempt, a lost worker too many, or (from PENDING) because it can't be read. */
export function bury(record: TaskRecord, failure: Failure, { now, ranks }: StepContext): void {
  const visited: TaskState[] = record.state === "ACTIVE" ? ["ACTIVE", "FAILED", "DLQ"] : ["DLQ"];
  const { errorType, isOurs, error } = failure;
  logError(record, failure, "DLQ", now);
  record.completedAt = now;
  record.errorGroup = errorGroup(record.type, errorType, isOurs ? undefined : error.slice(0, maxErrorLength));
  moveTo(record, "DLQ", ranks.tail(), now, visited);
}

/** A task type that opts out of dead-lettering rests in FAILED. */
export function rest(record: TaskRecord, failure: Failure, { now }: StepContext): void {
  logError(record, failure, "FAILED", now);
  record.completedAt = now;
  moveTo(record, "FAILED", now, now, ["ACTIVE", "FAILED"]);
}

export function snooze(
  record: TaskRecord,
  { delayMs, isParked, parking }: Snooze,
  { now }: StepContext,
): void {
  record.retryAfter = now + delayMs;
  if (isParked) record.parkedAt = now;
  if (isParked && parking) record.freeFailures = parking.freeFailures ?? 0;
  moveTo(record, "SCHEDULED", record.retryAfter, now, ["ACTIVE", "SCHEDULED"]);
}
type Snooze = Extract<Settlement, { kind: "snooze" }>;

/** Back to the head of its lane, or of its retry list if it has failed or lost a worker. */
export function release(record: TaskRecord, { now, ranks }: StepContext): void {
  queueAgain(record, hasStumbled(record) ? "retry" : record.priority, ranks.head(), now, [
    "ACTIVE",
    "PENDING",
  ]);
}

export function promote(record: TaskRecord, { now, ranks }: StepContext): void {
  record.retryAfter = null;
  record.wasParked = record.parkedAt !== null;
  if (record.parkedAt !== null) {
    record.dueAt = (record.dueAt ?? record.createdAt) + Math.max(0, now - record.parkedAt);
    record.parkedAt = null;
  }
  queueAgain(record, hasStumbled(record) ? "retry" : record.priority, ranks.tail(), now, ["PENDING"]);
}

/**
 * Takes the task from a worker that was lost. Its lease becomes one that nobody holds. The first loss is a strike for all
 * that the worker held; later ones are, and bury, only where the attempt is on record as begun.
 */
export function reap(
  record: TaskRecord,
  { lastWords, maxLostWorkers }: { lastWords: string; maxLostWorkers: number },
  context: StepContext,
): void {
  const { now, ranks } = context;
  const hasBegun = record.begun === record.lease;
  const isStrike = record.lost === 0 || hasBegun;
  const words = isStrike ? lastWords : `${lastWords} It had not begun this task.`;
  const error = `Worker ${record.workerId} was lost: it stopped extending its lease.${words}`;
  const failure: Failure = { error, errorType: "WorkerLost", isOurs: true };
  if (isStrike) record.lost += 1;
  record.lease = nextLease(record.lease, now);
  if (hasBegun && record.lost >= maxLostWorkers) {
    bury(record, failure, context);
  } else {
    logError(record, failure, "PENDING", now);
    queueAgain(record, "retry", ranks.tail(), now, ["ACTIVE", "PENDING"]);
  }
}

/** An operator takes the task from a lease that ran out: no strike, no error. Its lease becomes one that nobody holds. */
export function requeue(record: TaskRecord, { now, ranks }: StepContext): void {
  record.lease = nextLease(record.lease, now);
  queueAgain(record, "retry", ranks.tail(), now, ["ACTIVE", "PENDING"]);
}

/** Of a task that is not terminal. `isRevoked`: its lease becomes one that nobody holds. */
export function cancel(record: TaskRecord, { reason, isRevoked }: Cancel, { now }: StepContext): void {
  const visited: TaskState[] = record.state === "ACTIVE" ? ["ACTIVE", "CANCELLED"] : ["CANCELLED"];
  if (isRevoked && record.state === "ACTIVE") record.lease = nextLease(record.lease, now);
  if (reason !== "") record.lastError = reason;
  record.completedAt = now;
  record.retryAfter = null;
  record.parkedAt = null;
  moveTo(record, "CANCELLED", now, now, visited);
}
type Cancel = { reason: string; isRevoked: boolean };

export function expire(record: TaskRecord, context: StepContext): void {
  cancel(record, { reason: "It was not started in time.", isRevoked: false }, context);
  record.errorType = "Expired";
}

/** A new life, with its history kept. */
export function retry(record: TaskRecord, resetRetryCount: boolean, { now, ranks }: StepContext): void {
  record.completedAt = null;
  record.retryAfter = null;
  record.parkedAt = null;
  record.expiresAt = null;
  record.startedAt = null;
  record.progress = null;
  record.lost = 0;
  record.errorGroup = null;
  record.freeFailures = 0;
  record.wasParked = false;
  record.dueAt = now;
  if (resetRetryCount) record.retryCount = 0;
  queueAgain(record, "retry", ranks.tail(), now, ["PENDING"]);
}

/** Exceeds every earlier token, also when the clock or the file went back. In microseconds. */
export function nextLease(lease: number, now: number): number {
  return Math.max(lease + 1, now * 1000);
}

function hasStumbled(record: TaskRecord): boolean {
  return record.retryCount > 0 || record.lost > 0;
}

function queueAgain(record: TaskRecord, lane: Lane, rank: number, now: number, visited: TaskState[]): void {
  enter(record, "PENDING", visited, now);
  record.place = lanePlace(record.queue, lane);
  record.rank = rank;
}

function moveTo(
  record: TaskRecord,
  place: StatePlace,
  rank: number,
  now: number,
  visited: TaskState[],
): void {
  enter(record, place, visited, now);
  record.place = place;
  record.rank = rank;
}

/** ACTIVE in the history stands at the start of the attempt, everything else at this moment. */
function enter(record: TaskRecord, state: TaskState, visited: readonly TaskState[], now: number): void {
  const entries = visited.map((step) => ({
    state: step,
    at: step === "ACTIVE" ? (record.startedAt ?? now) : now,
  }));
  record.history = appendHistory(record, entries);
  record.state = state;
  record.updatedAt = now;
}

function logError(record: TaskRecord, failure: Failure, to: TaskState, now: number): void {
  const error = failure.error.slice(0, maxErrorLength);
  const { errorType } = failure;
  record.errors = appendError(record.errors, {
    at: now,
    error,
    errorType,
    retryCount: record.retryCount,
    stateTransition: `${record.state} → ${to}`,
    workerId: record.state === "ACTIVE" ? record.workerId : null,
  });
  record.lastError = error;
  record.errorType = errorType;
}

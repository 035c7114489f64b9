/**
 * What happened to a task, as a trunk with branches.
 *
 * The trunk is where a task waits and rests: PENDING, SCHEDULED, and the state it came to rest in. Each attempt branches
 * off to a worker and comes back. A failed attempt is FAILED for a moment only, so that this is the end of its branch; where
 * FAILED is the last word, the task rests in it. Two entries of a history at most stand for what is no longer kept.
 */
import type { TaskDetail, TaskState } from "@workstream/core";

export type ErrorEntry = TaskDetail["error_history"][number];
export type WaitCause =
  | "accepted"
  | "delayed"
  | "due"
  | "backing_off"
  | "set_aside"
  | "handed_back"
  | "worker_lost"
  | "retried";
export type AttemptOutcome =
  | "running"
  | "completed"
  | "failed"
  | "cancelled"
  | "set_aside"
  | "handed_back"
  | "worker_lost";

type Span = { startAt: number /** Null: it goes on. */; endAt: number | null };
export type WaitItem = Span & { kind: "wait"; state: "PENDING" | "SCHEDULED"; cause: WaitCause };
export type AttemptItem = Span & {
  kind: "attempt";
  /** 1 for the first; an attempt that was set aside or handed back is made again under its number. */
  number: number;
  outcome: AttemptOutcome;
  error: ErrorEntry | null;
  workerId: string | null;
};
export type RestItem = Span & { kind: "rest"; state: TaskState; error: ErrorEntry | null };
export type GapItem = Span & { kind: "gap" };
export type TimelineItem = WaitItem | AttemptItem | RestItem | GapItem;

export type TimelineFacts = Pick<
  TaskDetail,
  "state" | "state_history" | "error_history" | "retry_count" | "worker_id"
>;

/** As many entries as a store keeps; then the one after the first may not have followed it. */
const maxHistoryEntries = 200;

export function timelineOf(task: TimelineFacts): TimelineItem[] {
  const steps = task.state_history.map(({ state, timestamp }) => ({ state, at: Date.parse(timestamp) }));
  const errors = errorsByInstant(task.error_history);
  const items: TimelineItem[] = [];
  steps.forEach((step, index) => {
    const before = steps[index - 1];
    const after = steps[index + 1];
    const isCut = steps.length >= maxHistoryEntries;
    if (index === 1 && before && isCut) items.push({ kind: "gap", startAt: before.at, endAt: step.at });
    // When the first state ended is no longer kept either: it is told as if it had taken no time.
    const isBeforeGap = index === 0 && isCut;
    const item = toItem({ before, step, after: isBeforeGap ? { ...step } : after, errors });
    if (item) items.push(item);
  });
  return numbered(items, task);
}

type Step = { state: TaskState; at: number };
type Place = {
  before: Step | undefined;
  step: Step;
  after: Step | undefined;
  errors: ReadonlyMap<number, ErrorEntry>;
};

function toItem({ before, step, after, errors }: Place): TimelineItem | null {
  const span = { startAt: step.at, endAt: after?.at ?? null };
  const endError = (after && errors.get(after.at)) ?? null;
  switch (step.state) {
    case "PENDING":
    case "SCHEDULED":
      return { kind: "wait", state: step.state, cause: causeOf(step, before, errors), ...span };
    case "ACTIVE": {
      const outcome = outcomeOf(after, endError);
      const hasFailed = outcome === "failed" || outcome === "worker_lost";
      const error = hasFailed ? endError : null;
      return { kind: "attempt", number: 0, outcome, error, workerId: error?.worker_id ?? null, ...span };
    }
    case "FAILED":
      if (after?.state === "SCHEDULED" || after?.state === "DLQ") return null;
      return { kind: "rest", state: "FAILED", error: null, ...span };
    default: {
      const isOwnError = before?.state !== "FAILED";
      return {
        kind: "rest",
        state: step.state,
        error: isOwnError ? (errors.get(step.at) ?? null) : null,
        ...span,
      };
    }
  }
}

function causeOf(step: Step, before: Step | undefined, errors: ReadonlyMap<number, ErrorEntry>): WaitCause {
  if (step.state === "SCHEDULED") {
    if (!before || before.state === "PENDING") return "delayed";
    return before.state === "ACTIVE" ? "set_aside" : "backing_off";
  }
  if (!before) return "accepted";
  if (before.state === "SCHEDULED") return "due";
  if (before.state === "ACTIVE") return errors.has(step.at) ? "worker_lost" : "handed_back";
  return "retried";
}

const outcomes: Record<TaskState, AttemptOutcome> = {
  PENDING: "handed_back",
  ACTIVE: "handed_back",
  COMPLETED: "completed",
  FAILED: "failed",
  SCHEDULED: "set_aside",
  DLQ: "failed",
  CANCELLED: "cancelled",
};

function outcomeOf(after: Step | undefined, error: ErrorEntry | null): AttemptOutcome {
  if (!after) return "running";
  return error?.error_type === "WorkerLost" ? "worker_lost" : outcomes[after.state];
}

function errorsByInstant(entries: readonly ErrorEntry[]): Map<number, ErrorEntry> {
  return new Map(entries.map((entry) => [Date.parse(entry.timestamp), entry]));
}

/** A failed attempt knows the retries before it. For the others the task knows, or they follow from those before. */
function numbered(items: TimelineItem[], task: TimelineFacts): TimelineItem[] {
  const last = items.findLast((item) => item.kind === "attempt");
  let next = 1;
  return items.map((item) => {
    if (item.kind !== "attempt") return item;
    const isLast = item === last;
    const retries =
      item.error?.retry_count ?? (isLast && item.outcome !== "failed" ? task.retry_count : next - 1);
    const number = retries + 1;
    next = item.outcome === "failed" ? number + 1 : number;
    const workerId = item.workerId ?? (isLast ? task.worker_id : null);
    return { ...item, number, workerId };
  });
}

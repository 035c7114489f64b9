import type { ErrorType } from "../retry-policy.ts";
import type { Task } from "../task.ts";
import type { Priority } from "../task-names.ts";
import type { TaskState } from "../task-state.ts";

export type TaskFilter = {
  state?: TaskState;
  type?: string;
  /** `retry`, `scheduled` and `dlq` mean where the task stands now; any other name the queue it belongs to. */
  queue?: string;
  /** created_at, epoch ms, both ends included. */
  createdFrom?: number;
  createdTo?: number;
  /** A whole id or its beginning. */
  idPrefix?: string;
  /** Of its last failed attempt, in any state. */
  errorType?: ErrorType;
  /** Dead letters of this cause (error-group.ts). */
  errorGroup?: string;
};

export type TaskListQuery = {
  filter: TaskFilter;
  sortBy: "created_at" | "updated_at" | "completed_at";
  sortOrder: "asc" | "desc";
  /** Either an offset or a cursor from an earlier answer. */
  position: { offset: number } | { cursor: string };
  /** 1–100. */
  limit: number;
  /** Without: `content` and `result` come back null. */
  withBodies: boolean;
};

export type TaskPage = {
  tasks: Task[];
  total: number;
  /** The total is a lower bound: the query walked a bounded number of candidates (2,000). */
  isTotalEstimate: boolean;
  /** Goes on where this page ended; null at the end. */
  nextCursor: string | null;
};

export type QueueStatus = {
  /** primary, retry, scheduled, dlq and every named queue: how many wait there. */
  queues: Record<string, number>;
  states: Record<TaskState, number>;
  retryRatio: number;
};

/** Dead letters of one cause. Instants are their times of death, epoch ms. */
export type DeadLetterGroup = {
  group: string;
  count: number;
  firstAt: number;
  lastAt: number;
  /** The newest, newest first, at most `sampledDeadLetters`. None for those that are not grouped yet. */
  taskIds: string[];
  /** Of the newest one. */
  type: string;
  errorType: ErrorType;
  message: string;
};

export type DeadLetterGroups = { groups: DeadLetterGroup[]; totalGroups: number; totalDeadLetters: number };

export const sampledDeadLetters = 5;
/** What waits in a queue. `retry` is one of its own here: the retries of primary, paused and served with it. */
export type QueueSnapshot = {
  queue: string;
  lanes: Record<Priority | "retry", number>;
  /** Since when the head of a lane is PENDING, epoch ms: the one that has waited longest. Null: nothing waits. */
  oldestWaitingAt: number | null;
  isPaused: boolean;
};

export type QueueSnapshots = {
  /** primary, retry, then every named queue that ever held a task, by name. */
  queues: QueueSnapshot[];
  scheduled: { waiting: number; nextDueAt: number | null };
  /** Since when the first and the last of them are dead. */
  deadLetters: { waiting: number; oldestAt: number | null; newestAt: number | null };
};

export interface TaskReading {
  get(id: string): Promise<Task | null>;

  /**
   * Exact and O(log n + page) for no filter, or one of state, type and queue, by created_at, with dates and an id
   * prefix; a state or an error group alone comes in its collection's own order. Other combinations walk the most selective index, at
   * most 2,000 candidates a call. Sorting by updated_at or completed_at is exact where a collection has that order
   * (COMPLETED, FAILED, CANCELLED) and otherwise sorts the candidates walked.
   * @throws invalid_input for a cursor that is not ours
   */
  list(query: TaskListQuery): Promise<TaskPage>;

  status(): Promise<QueueStatus>;

  /** A few O(1) reads a queue, whatever waits in it; many queues are read in chunks that never hold the store. */
  queueOverview(): Promise<QueueSnapshots>;

  /** Ids in the order in which they will run (dlq: newest last; scheduled: by due time). Null for an unknown queue. */
  queueTaskIds(queue: string, limit: number): Promise<string[] | null>;

  /** How many tasks stand before this one in its lane; null when it is in none, or not among the first 1,000. */
  linePosition(id: string): Promise<number | null>;

  /** Dead letters, newest first. */
  deadLetters(limit: number): Promise<Task[]>;

  /**
   * Dead letters by cause, the group that grew last first: O(groups asked + log n). Those that an older version or
   * another program left without a group are taken into theirs some hundreds a call, and are the group `unknown`,
   * the last, until then.
   */
  deadLetterGroups(limit: number): Promise<DeadLetterGroups>;
}

/** How far into a lane a task is looked for. */
export const positionsKnown = 1_000;

/**
 * How an operation walks through tasks, alike on both stores.
 *
 * One walk for each state that the action applies to, each along the shortest collection that holds all matches. Where
 * tasks may move from a state that is still to be walked to one that was, the walks are repeated until a round finds
 * nothing more.
 */
import type { OperationRecord, OperationRequest } from "./ports/operations.ts";
import type { TaskFilter } from "./ports/reading.ts";
import { retryableStates, type TaskState } from "./task-state.ts";

export const cancellableStates = ["PENDING", "SCHEDULED", "ACTIVE"] as const satisfies readonly TaskState[];

/** Names of queues that mean a state. */
const standings: Readonly<Record<string, TaskState | undefined>> = {
  retry: "PENDING",
  scheduled: "SCHEDULED",
  dlq: "DLQ",
};

/** The one state that all matches are in, or null; `never` when a task can't match. */
export function stateOfFilter({ state, queue, errorGroup }: TaskFilter): TaskState | null | "never" {
  const standing = queue === undefined ? undefined : standings[queue];
  const named = [state, standing, errorGroup === undefined ? undefined : "DLQ"];
  const states = new Set(named.filter((each) => each !== undefined)) as Set<TaskState>;
  if (states.size > 1) return "never";
  return [...states][0] ?? null;
}

/** The states to walk, in order; null: tasks in any state, in one walk. */
export function walkedStates({
  action,
  filter,
}: Pick<OperationRequest, "action" | "filter">): readonly (TaskState | null)[] {
  const named = stateOfFilter(filter);
  if (named === "never") return [];
  const allowed: readonly TaskState[] | null =
    action === "delete" ? null : action === "retry" ? retryableStates : cancellableStates;
  if (named === null) return allowed ?? [null];
  return allowed === null || allowed.includes(named) ? [named] : [];
}

/**
 * Whether a task must not have changed since the start: where a state was asked for it must have been in it then, and what
 * was retried and died again is not retried twice.
 */
export function isAsOfStart({ action, filter }: Pick<OperationRequest, "action" | "filter">): boolean {
  return action === "retry" || stateOfFilter(filter) !== null;
}

/** What a task must match that an operation acts on: it was created by its start, and is in the state that is walked. */
export function filterAtStart(
  { request, startedAt }: Pick<OperationRecord, "request" | "startedAt">,
  state: TaskState | null,
): TaskFilter {
  const { filter } = request;
  const createdTo = Math.min(filter.createdTo ?? startedAt, startedAt);
  return { ...filter, createdTo, ...(state !== null && { state }) };
}

/** Where an operation goes on; `source` and `after` are the store's own. */
export type WalkCursor = {
  round: number;
  walk: number;
  /** How many were done before this round. */
  doneBefore: number;
  source: string | null;
  after: unknown;
};

export const firstWalk: WalkCursor = { round: 0, walk: 0, doneBefore: 0, source: null, after: null };

const maxRounds = 5;

/** After the last walk of a round: the next round, or null at the end. Only what a cancel is after moves by itself. */
export function nextRound(
  cursor: WalkCursor,
  action: OperationRequest["action"],
  done: number,
): WalkCursor | null {
  const isOver = action !== "cancel" || done === cursor.doneBefore || cursor.round + 1 >= maxRounds;
  return isOver ? null : { ...firstWalk, round: cursor.round + 1, doneBefore: done };
}

import type { StateEntry } from "./task.ts";
import type { TaskState } from "./task-state.ts";

/**
 * The history of a task's states, packed and derived.
 *
 * The common path (accepted, claimed, completed) writes no history: created_at, started_at and completed_at say it
 * all. Every other step appends to the packed `history` field, one letter and an instant each: `P1767225600000A…`.
 * Read back, the field comes first (or PENDING at created_at when there is none), and a task that is ACTIVE or
 * COMPLETED gets the entries that its claim and its completion left unwritten.
 */
export const stateLetters = {
  PENDING: "P",
  ACTIVE: "A",
  COMPLETED: "C",
  FAILED: "F",
  SCHEDULED: "S",
  DLQ: "D",
  CANCELLED: "X",
} as const satisfies Record<TaskState, string>;

const statesByLetter = new Map<string, TaskState>(
  Object.entries(stateLetters).map(([state, letter]) => [letter, state as TaskState]),
);

/** Entries a packed history may hold; beyond it the oldest but the first give way. */
export const maxHistoryEntries = 200;

export type HistoryFacts = {
  state: TaskState;
  packed: string | null;
  createdAt: number;
  startedAt: number | null;
  completedAt: number | null;
};

export function packHistory(entries: readonly StateEntry[]): string {
  return entries.map(({ state, at }) => `${stateLetters[state]}${at}`).join("");
}

export function unpackHistory(packed: string): StateEntry[] {
  return Array.from(packed.matchAll(/([PACFSDX])(\d+)/g), ([, letter, at]) => ({
    state: statesByLetter.get(letter ?? "") ?? "PENDING",
    at: Number(at),
  }));
}

/** Every state the task was in, oldest first. */
export function stateHistory(task: HistoryFacts): StateEntry[] {
  const history: StateEntry[] = task.packed
    ? unpackHistory(task.packed)
    : [{ state: "PENDING", at: task.createdAt }];
  const ran = task.state === "ACTIVE" || task.state === "COMPLETED";
  if (ran && task.startedAt !== null) history.push({ state: "ACTIVE", at: task.startedAt });
  if (task.state === "COMPLETED" && task.completedAt !== null) {
    history.push({ state: "COMPLETED", at: task.completedAt });
  }
  return history;
}

/**
 * When a task that waits or rests came into its state: the last entry of its packed history, or without one its last
 * change. Not for ACTIVE and COMPLETED, which the history may lack.
 */
export function inStateSince(packed: string | null, changedAt: number): number {
  const [, at] = /[PACFSDX](\d+)$/.exec(packed ?? "") ?? [];
  return at === undefined ? changedAt : Number(at);
}

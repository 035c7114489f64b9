import type { TaskState } from "@workstream/core";

type Ends = { isTerminal: boolean; isRetryable: boolean };

const ends: Record<TaskState, Ends> = {
  PENDING: { isTerminal: false, isRetryable: false },
  ACTIVE: { isTerminal: false, isRetryable: false },
  SCHEDULED: { isTerminal: false, isRetryable: false },
  COMPLETED: { isTerminal: true, isRetryable: false },
  FAILED: { isTerminal: true, isRetryable: true },
  DLQ: { isTerminal: true, isRetryable: true },
  CANCELLED: { isTerminal: true, isRetryable: true },
};

export function isTerminal(state: TaskState): boolean {
  return ends[state].isTerminal;
}

export function isRetryable(state: TaskState): boolean {
  return ends[state].isRetryable;
}

/**
 * The lifecycle of a task: every state, every step between states, and the verb that takes it.
 *
 * This table is the only list of steps: stores are tested against it, and the documents and badges are made from it.
 * A failed attempt takes two steps at once, `fail` and then `backOff` or `bury`; both stand in the history.
 */
export const taskStates = [
  "PENDING",
  "ACTIVE",
  "COMPLETED",
  "FAILED",
  "SCHEDULED",
  "DLQ",
  "CANCELLED",
] as const;
export type TaskState = (typeof taskStates)[number];

export type LifecycleStep = { verb: string; from: TaskState | null; to: TaskState; when: string };

export const lifecycle = [
  { verb: "enqueue", from: null, to: "PENDING", when: "a task is accepted" },
  { verb: "delay", from: null, to: "SCHEDULED", when: "a task is accepted with a delay or a date" },
  { verb: "claim", from: "PENDING", to: "ACTIVE", when: "a worker takes it, with a lease" },
  {
    verb: "complete",
    from: "ACTIVE",
    to: "COMPLETED",
    when: "the handler returned and the lease still held",
  },
  {
    verb: "fail",
    from: "ACTIVE",
    to: "FAILED",
    when: "the attempt failed, or its worker was lost too often",
  },
  { verb: "backOff", from: "FAILED", to: "SCHEDULED", when: "retries are left" },
  { verb: "bury", from: "FAILED", to: "DLQ", when: "no retry is left, or none would help" },
  { verb: "snooze", from: "ACTIVE", to: "SCHEDULED", when: "the handler asked to run later" },
  { verb: "park", from: "ACTIVE", to: "SCHEDULED", when: "a service it needs will not have it yet" },
  { verb: "release", from: "ACTIVE", to: "PENDING", when: "the worker hands it back" },
  { verb: "reap", from: "ACTIVE", to: "PENDING", when: "the lease ran out: its worker was lost" },
  { verb: "promote", from: "SCHEDULED", to: "PENDING", when: "it is due" },
  { verb: "reject", from: "PENDING", to: "DLQ", when: "its hash can't be read" },
  { verb: "expire", from: "PENDING", to: "CANCELLED", when: "it waited longer than expires_in_seconds" },
  { verb: "cancel", from: "PENDING", to: "CANCELLED", when: "someone cancels it" },
  { verb: "cancel", from: "SCHEDULED", to: "CANCELLED", when: "someone cancels it" },
  { verb: "cancel", from: "ACTIVE", to: "CANCELLED", when: "someone, or its own handler, cancels it" },
  { verb: "retry", from: "FAILED", to: "PENDING", when: "an operator retries it" },
  { verb: "retry", from: "DLQ", to: "PENDING", when: "an operator retries it" },
  { verb: "retry", from: "CANCELLED", to: "PENDING", when: "an operator retries it" },
] as const satisfies readonly LifecycleStep[];

export const terminalStates = [
  "COMPLETED",
  "FAILED",
  "DLQ",
  "CANCELLED",
] as const satisfies readonly TaskState[];
export const retryableStates = ["FAILED", "DLQ", "CANCELLED"] as const satisfies readonly TaskState[];

export function isTerminal(state: TaskState): boolean {
  return (terminalStates as readonly TaskState[]).includes(state);
}

/** Whether one step of the lifecycle leads from `from` (null: not yet accepted) to `to`. */
export function isStep(from: TaskState | null, to: TaskState): boolean {
  return lifecycle.some((step) => step.from === from && step.to === to);
}

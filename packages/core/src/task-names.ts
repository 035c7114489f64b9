/** Names that appear in keys, paths and URLs. */
export const queueNamePattern = /^[a-z0-9-]{1,64}$/;
export const taskTypePattern = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** `POST /api/v1/tasks/{type}` creates a task; what stands there for something else is no type. */
export const reservedTaskTypes = ["batch", "bulk", "requeue-orphaned"] as const;

export const primaryQueue = "primary";

/** Names that stand for where a task is, not for a queue that a task may belong to. */
export const reservedQueueNames = ["retry", "scheduled", "dlq", "status"] as const;

export function isQueueName(name: string): boolean {
  return queueNamePattern.test(name) && !(reservedQueueNames as readonly string[]).includes(name);
}

export const priorities = ["high", "normal", "low"] as const;
export type Priority = (typeof priorities)[number];
/** The lists of a queue in which tasks wait; retry has those that failed before or lost their worker. */
export type Lane = Priority | "retry";

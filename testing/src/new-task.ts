import { type NewTask, primaryQueue } from "@workstream/core";

/** A task that a store accepts; every field but the id has a plain default. */
export function newTask(id: string, overrides: Partial<NewTask> = {}): NewTask {
  return {
    id,
    type: "echo",
    queue: primaryQueue,
    priority: "normal",
    contentKind: "text",
    content: "hello",
    metadata: "{}",
    maxRetries: 3,
    timeoutMs: null,
    delayMs: 0,
    runAt: null,
    expiresInMs: null,
    idempotency: null,
    ...overrides,
  };
}

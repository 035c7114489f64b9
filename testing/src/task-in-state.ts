import type { NewTask, TaskState } from "@workstream/core";
import { complete, failed, type TaskDriver } from "./task-driver.ts";

/**
 * Brings a new task into a state and answers its id and the lease of its attempt, if it had one. Only for a queue
 * that holds nothing else to claim.
 */
export async function taskInState(
  driver: TaskDriver,
  state: TaskState,
  overrides: Partial<NewTask> = {},
): Promise<{ id: string; token: string | null }> {
  if (state === "SCHEDULED") {
    return { id: await driver.enqueue({ delayMs: 60_000, ...overrides }), token: null };
  }
  const id = await driver.enqueue(overrides);
  if (state === "PENDING") return { id, token: null };
  if (state === "CANCELLED") {
    await driver.tasks.cancel(id, "not wanted");
    return { id, token: null };
  }
  const attempt = await driver.claimOne({ queues: { [overrides.queue ?? "primary"]: 1 } });
  if (attempt.id !== id) throw new Error("Another task was in the way.");
  if (state !== "ACTIVE") {
    await driver.settle(attempt, state === "COMPLETED" ? complete : failed({ to: state }, "PermanentError"));
  }
  return { id, token: attempt.token };
}

import { setTimeout as sleep } from "node:timers/promises";
import { type CreatedTask, isTerminal as isAtRest, type TaskDetail } from "@workstream/core";
import { CliError } from "./cli-error.ts";
import type { GatewayClient } from "./gateway-client.ts";
import { print, printJson } from "./output.ts";

const firstPauseMs = 50;
const longestPauseMs = 1_000;

/** Waits until a task is at rest and prints its result, or the task itself as JSON. */
export async function awaitTask(
  gateway: GatewayClient,
  { task_id: id }: CreatedTask,
  { seconds, isJson }: { seconds: number; isJson: boolean },
): Promise<void> {
  const task = await restingTask(gateway, id, performance.now() + seconds * 1000);
  if (task === null) {
    throw new CliError(
      "failed",
      `Task ${id} is not done after ${seconds} s: workstream task get ${id} shows where it is.`,
    );
  }
  if (isJson) printJson(task);
  else if (task.state === "COMPLETED") print(task.result ?? "");
  if (task.state !== "COMPLETED") {
    throw new CliError(
      "failed",
      `Task ${id} ended in ${task.state}${task.last_error ? `: ${task.last_error}` : "."}`,
    );
  }
}

async function restingTask(
  gateway: GatewayClient,
  id: string,
  deadlineMs: number,
): Promise<TaskDetail | null> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const task = await gateway.get<TaskDetail>(`/api/v1/tasks/${id}`);
    if (isAtRest(task.state)) return task;
    if (performance.now() + pauseMs > deadlineMs) return null;
    await sleep(pauseMs);
  }
}

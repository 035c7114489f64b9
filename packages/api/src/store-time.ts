import { type TaskIntake, timeOfTaskId } from "@workstream/core";

/** The store's time, epoch ms: new ids are minted on it, so that ages of what the store wrote come out right. */
export function storeTime(tasks: Pick<TaskIntake, "mintId">): number {
  return timeOfTaskId(tasks.mintId()) ?? Date.now();
}

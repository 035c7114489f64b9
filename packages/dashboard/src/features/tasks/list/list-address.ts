import type { TaskListAddress } from "../../../lib/task-neighbours.ts";

/** What stands in the address of a list, and of a task that was opened from it. */
export type ListAddress = { q?: string; sort?: string; order?: string };

/** Without columns and the like, which don't change what is in the list and how it is ordered. */
export function listAddress({ q, sort, order }: TaskListAddress): ListAddress {
  return {
    ...(q !== undefined && { q }),
    ...(sort !== undefined && { sort }),
    ...(order !== undefined && { order }),
  };
}

export function listName({ q, sort, order }: ListAddress): string {
  return JSON.stringify([q, sort, order]);
}

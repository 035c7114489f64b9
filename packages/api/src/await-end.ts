import { isTerminal, type Task, type TaskReading } from "@workstream/core";
import type { TaskWatches } from "./task-watches.ts";

type Parts = { stores: { tasks: Pick<TaskReading, "get"> }; watches: TaskWatches };

/**
 * The task once it has ended, or as it is when `signal` aborts; null for one that is not there. Waits for its changes
 * and does not poll.
 * @throws store_unavailable
 */
export async function awaitEnd(
  { stores: { tasks }, watches }: Parts,
  taskId: string,
  signal: AbortSignal,
): Promise<Task | null> {
  const found = await tasks.get(taskId);
  if (signal.aborted || isOver(found)) return found;
  let change = nextChange(signal);
  const watch = await watches.watch(taskId, () => change.happened());
  try {
    for (;;) {
      // Before the read, so that a change during it is not lost.
      change = nextChange(signal);
      const task = await tasks.get(taskId);
      if (signal.aborted || isOver(task)) return task;
      await change.done;
    }
  } finally {
    await watch.close();
  }
}

function isOver(task: Task | null): boolean {
  return task === null || isTerminal(task.state);
}

function nextChange(signal: AbortSignal): { done: Promise<void>; happened(): void } {
  let happened = () => {};
  const done = new Promise<void>((resolve) => {
    happened = () => {
      signal.removeEventListener("abort", happened);
      resolve();
    };
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", happened, { once: true });
  });
  return { done, happened: () => happened() };
}

import { skipToken, useQuery } from "@tanstack/react-query";
import type { TaskDetail } from "@workstream/core";
import { client } from "../../lib/client.ts";
import { type TaskListAddress, type TaskNeighbours, useTaskNeighbours } from "../../lib/task-neighbours.ts";

/**
 * The tasks before and behind this one in the list it was opened from; for one that was opened by its address, those
 * created just after and just before it, which is how the plain list stands.
 */
export function useNeighbours(address: TaskListAddress, task: TaskDetail | undefined): TaskNeighbours {
  const listed = useTaskNeighbours(address, task?.task_id ?? "");
  const isPlain = Object.values(address).every((value) => value === undefined || value === "");
  const isListed = listed.previousId !== null || listed.nextId !== null;
  const { data } = useQuery({
    queryKey: ["task-neighbours", task?.task_id],
    queryFn: task && isPlain && !isListed ? ({ signal }) => readNeighbours(task, signal) : skipToken,
    staleTime: 30_000,
  });
  return isListed ? listed : (data ?? listed);
}

async function readNeighbours(
  { task_id: id, created_at: at }: TaskDetail,
  signal: AbortSignal,
): Promise<TaskNeighbours> {
  const [newer, older] = await Promise.all([
    client.tasks.summaries({ start_date: at, sort_order: "asc", page_size: 5 }, { signal }),
    client.tasks.summaries({ end_date: at, sort_order: "desc", page_size: 5 }, { signal }),
  ]);
  const behind = (ids: string[]) => ids[ids.indexOf(id) + 1] ?? null;
  return {
    previousId: behind(newer.tasks.map(({ task_id }) => task_id)),
    nextId: behind(older.tasks.map(({ task_id }) => task_id)),
  };
}

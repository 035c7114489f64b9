import { queryOptions } from "@tanstack/react-query";
import { client } from "../../lib/client.ts";

/** Why a task is not running, or what it waits for: asked anew while it has not ended. */
export function explanationQuery(taskId: string) {
  return queryOptions({
    queryKey: ["tasks", "explanation", taskId],
    queryFn: ({ signal }) => client.tasks.explain(taskId, { signal }),
    refetchInterval: 5_000,
  });
}

/** The bytes that a task was created from. */
export function inputQuery(taskId: string) {
  return queryOptions({
    queryKey: ["task-input", taskId],
    queryFn: async ({ signal }): Promise<Blob> => (await client.tasks.input(taskId, { signal })).blob(),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

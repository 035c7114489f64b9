import { queryOptions } from "@tanstack/react-query";
import type { TaskDetail } from "@workstream/core";
import { client } from "../client.ts";

/** Queries of tasks that several screens share. Keys begin with `tasks`, so that one call can invalidate them all. */
export const taskQueries = {
  detail: (taskId: string) =>
    queryOptions({
      queryKey: ["tasks", "detail", taskId],
      queryFn: ({ signal }): Promise<TaskDetail> => client.tasks.get(taskId, { signal }),
    }),
  throughput: (minutes: number) =>
    queryOptions({
      queryKey: ["tasks", "throughput", minutes],
      queryFn: ({ signal }) => client.tasks.throughput(minutes, { signal }),
      refetchInterval: 10_000,
    }),
  latency: (minutes: number) =>
    queryOptions({
      queryKey: ["tasks", "latency", minutes],
      queryFn: ({ signal }) => client.tasks.latency(minutes, { signal }),
      refetchInterval: 15_000,
    }),
  types: queryOptions({
    queryKey: ["task-types"],
    queryFn: ({ signal }) => client.taskTypes.list({ signal }),
    staleTime: 60_000,
  }),
};

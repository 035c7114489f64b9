import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "./client.ts";

/** What is done to one task. Whatever was read of tasks is read anew after it, done or refused. */
function useTaskAction<Answer>(act: (taskId: string) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["tasks"] }),
        queries.invalidateQueries({ queryKey: ["queues"] }),
      ]),
  });
}

export function useRetryTask() {
  return useTaskAction((taskId) => client.tasks.retry(taskId, {}));
}

export function useCancelTask() {
  return useTaskAction((taskId) => client.tasks.cancel(taskId));
}

export function useDeleteTask() {
  return useTaskAction((taskId) => client.tasks.delete(taskId));
}

import { explainTask, explanationSchema } from "@workstream/core";
import type { RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import { taskNotFound, taskParams } from "./tasks.ts";

export const explainTaskRoutes: RoutePlugin = async (app, { context }) => {
  const { tasks, workers } = context.stores;

  app.get(
    "/api/v1/tasks/:task_id/explain",
    {
      schema: {
        tags: ["Tasks"],
        summary: "Why a task is not running, or what it waits for",
        params: taskParams,
        response: { 200: explanationSchema, ...problems("not_found", ...storeProblems) },
      },
    },
    async ({ params: { task_id: id } }) => {
      const [task, fleet, paused, position] = await Promise.all([
        tasks.get(id),
        workers.list(),
        tasks.pausedQueues(),
        tasks.linePosition(id),
      ]);
      if (task === null) throw taskNotFound(id);
      return explainTask(task, {
        isQueuePaused: paused.includes(task.queue),
        workers: fleet,
        position,
        nowMs: context.storeNow(),
      });
    },
  );
};

import { deletedTaskSchema } from "@workstream/core";
import type { RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import { taskNotFound, taskParams } from "./tasks.ts";

export const deleteTaskRoutes: RoutePlugin = async (app, { context }) => {
  const { tasks } = context.stores;

  app.delete(
    "/api/v1/tasks/:task_id",
    {
      schema: {
        tags: ["Managing tasks"],
        summary: "Delete a task, in any state, with every trace of it",
        params: taskParams,
        response: {
          200: deletedTaskSchema,
          ...problems("not_found", "unsupported_media_type", ...storeProblems),
        },
      },
    },
    async ({ params }) => {
      const outcome = await tasks.delete(params.task_id);
      if (outcome.outcome === "not_found") throw taskNotFound(params.task_id);
      return { task_id: params.task_id, message: `The task is deleted; it was ${outcome.from}.` };
    },
  );
};

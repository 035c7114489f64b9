import { taskTypeSchema, toTaskType } from "@workstream/core";
import { z } from "zod";
import type { RoutePlugin } from "../api-context.ts";
import { problems } from "../documented-problems.ts";

/** What can be created, for forms and clients. */
export const taskTypeRoutes: RoutePlugin = async (app, { context }) => {
  app.get(
    "/api/v1/task-types",
    {
      schema: {
        tags: ["Tasks"],
        summary: "List the task types, with the schemas of their inputs and outputs",
        response: { 200: z.array(taskTypeSchema), ...problems() },
      },
    },
    async () => context.catalog.list().map(toTaskType),
  );
};

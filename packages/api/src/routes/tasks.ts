/** Reading tasks. */
import {
  isErrorCode,
  type TaskListParameters,
  type TaskPage,
  type TaskReading,
  taskDetailPageSchema,
  taskDetailSchema,
  taskListQuerySchema,
  taskSummaryPageSchema,
  toTaskDetail,
  toTaskListQuery,
  toTaskPage,
  toTaskSummary,
  WorkstreamError,
} from "@workstream/core";
import { z } from "zod";
import type { RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import { invalidInput } from "../input-validator.ts";

const tags = ["Tasks"];

/** Any string is an id; one that no task has is 404. */
export const taskParams = z.object({ task_id: z.string() });

export function taskNotFound(id: string): WorkstreamError {
  return new WorkstreamError("not_found", `There is no task ${JSON.stringify(id.slice(0, 64))}.`);
}

export const taskRoutes: RoutePlugin = async (app, { context }) => {
  const { tasks } = context.stores;

  app.get(
    "/api/v1/tasks",
    {
      schema: {
        tags,
        summary: "List tasks",
        description:
          "By page, or with `cursor` from one page to the next, which stays right while tasks come and go. One filter alone " +
          "(error_type aside) is exact; a combination walks at most 2,000 tasks of the shortest list that holds all matches, and " +
          "total_is_estimate says when that was not all.",
        querystring: taskListQuerySchema,
        response: { 200: taskDetailPageSchema, ...problems("invalid_input", ...storeProblems) },
      },
    },
    async ({ query }) => toTaskPage(await listTasks(tasks, query, true), query, toTaskDetail),
  );

  app.get(
    "/api/v1/tasks/summaries",
    {
      schema: {
        tags,
        summary: "List tasks without their content and result",
        querystring: taskListQuerySchema,
        response: { 200: taskSummaryPageSchema, ...problems("invalid_input", ...storeProblems) },
      },
    },
    async ({ query }) => toTaskPage(await listTasks(tasks, query, false), query, toTaskSummary),
  );

  app.get(
    "/api/v1/tasks/:task_id",
    {
      schema: {
        tags,
        summary: "Get a task",
        params: taskParams,
        response: { 200: taskDetailSchema, ...problems("not_found", ...storeProblems) },
      },
    },
    async ({ params }) => {
      const task = await tasks.get(params.task_id);
      if (task === null) throw taskNotFound(params.task_id);
      return toTaskDetail(task);
    },
  );
};

/** @throws invalid_input for a cursor that is not of this list, which the store alone can tell */
async function listTasks(
  tasks: TaskReading,
  query: TaskListParameters,
  withBodies: boolean,
): Promise<TaskPage> {
  try {
    return await tasks.list(toTaskListQuery(query, withBodies));
  } catch (error) {
    if (!isErrorCode(error, "invalid_input")) throw error;
    throw invalidInput([{ pointer: "/cursor", detail: error.message }]);
  }
}

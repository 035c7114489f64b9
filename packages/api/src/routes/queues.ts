import {
  deadLettersQuerySchema,
  queueOverviewsSchema,
  queueStatusSchema,
  queueTaskIdsSchema,
  queueTasksQuerySchema,
  taskDetailSchema,
  toQueueOverviews,
  toQueueStatus,
  toTaskDetail,
  WorkstreamError,
} from "@workstream/core";
import { z } from "zod";
import type { RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";

const tags = ["Queues"];
export const queueParams = z.object({ name: z.string() });

/** Looking into queues. */
export const queueRoutes: RoutePlugin = async (app, { context }) => {
  const { tasks } = context.stores;

  app.get(
    "/api/v1/queues",
    {
      schema: {
        tags,
        summary: "Every queue, with what waits in it and for how long",
        description:
          "Retries of primary stand under `retry`, those of another queue in its lane `retry`. The oldest is the one " +
          "that has been PENDING longest among the heads of the lanes.",
        response: { 200: queueOverviewsSchema, ...problems(...storeProblems) },
      },
    },
    async () => {
      const [snapshots, workers] = await Promise.all([tasks.queueOverview(), context.stores.workers.list()]);
      const knownQueues = context.catalog.list().map(({ queue }) => queue);
      return toQueueOverviews({ snapshots, workers, knownQueues }, context.storeNow());
    },
  );

  app.get(
    "/api/v1/queues/status",
    {
      schema: {
        tags,
        summary: "How much waits where",
        response: { 200: queueStatusSchema, ...problems(...storeProblems) },
      },
    },
    async () => {
      const [status, paused] = await Promise.all([tasks.status(), tasks.pausedQueues()]);
      return toQueueStatus(status, paused);
    },
  );

  app.get(
    "/api/v1/queues/:name/tasks",
    {
      schema: {
        tags,
        summary: "Ids of waiting tasks, in the order in which they will run",
        params: queueParams,
        querystring: queueTasksQuerySchema,
        response: {
          200: queueTaskIdsSchema,
          ...problems("unknown_queue", "invalid_input", ...storeProblems),
        },
      },
    },
    async ({ params: { name }, query: { limit } }) => {
      const ids = await tasks.queueTaskIds(name, limit);
      if (ids === null) throw unknownQueue(name);
      return ids;
    },
  );

  app.get(
    "/api/v1/queues/dlq",
    {
      schema: {
        tags,
        summary: "Dead letters, newest first",
        querystring: deadLettersQuerySchema,
        response: { 200: z.array(taskDetailSchema), ...problems("invalid_input", ...storeProblems) },
      },
    },
    async ({ query: { limit } }) => (await tasks.deadLetters(limit)).map(toTaskDetail),
  );
};

export function unknownQueue(name: string): WorkstreamError {
  const shown = JSON.stringify(name.slice(0, 64));
  return new WorkstreamError("unknown_queue", `There is no queue ${shown}. GET /api/v1/queues lists them.`);
}

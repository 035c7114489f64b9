import {
  isTerminal,
  maxWaitSeconds,
  pendingResultSchema,
  taskResultQuerySchema,
  taskResultSchema,
  toTaskResult,
} from "@workstream/core";
import type { FastifyReply } from "fastify";
import type { RoutePlugin } from "../api-context.ts";
import { awaitEnd } from "../await-end.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import { taskNotFound, taskParams } from "./tasks.ts";

/** A task's result, for those who wait for it. */
export const taskResultRoutes: RoutePlugin = async (app, { context }) => {
  const waits = new Set<AbortController>();
  app.addHook("preClose", async () => {
    for (const wait of waits) wait.abort();
  });

  app.get(
    "/api/v1/tasks/:task_id/result",
    {
      exposeHeadRoute: false,
      config: { isStream: true },
      schema: {
        tags: ["Tasks"],
        summary: "Get a task's result, waiting for it",
        description: `200 when the task has ended, however it did; 202 when it has not after wait_seconds, at most ${maxWaitSeconds}.`,
        params: taskParams,
        querystring: taskResultQuerySchema,
        response: {
          200: taskResultSchema.describe("It has ended; state says how"),
          202: pendingResultSchema.describe("It has not ended yet"),
          ...problems("not_found", "invalid_input", ...storeProblems),
        },
      },
    },
    async ({ params: { task_id: id }, query }, reply) => {
      const task = await withWait(waits, reply, query.wait_seconds * 1000, (signal) =>
        awaitEnd(context, id, signal),
      );
      if (task === null) throw taskNotFound(id);
      if (isTerminal(task.state)) return toTaskResult(task);
      return reply.code(202).send({ task_id: task.id, state: task.state });
    },
  );
};

/** A wait ends after `waitMs`, when its client goes, and when the gateway closes. */
async function withWait<T>(
  waits: Set<AbortController>,
  reply: FastifyReply,
  waitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const wait = new AbortController();
  const end = () => wait.abort();
  if (waitMs <= 0) end();
  const timer = setTimeout(end, waitMs);
  reply.raw.once("close", end);
  waits.add(wait);
  try {
    return await work(wait.signal);
  } finally {
    waits.delete(wait);
    reply.raw.off("close", end);
    clearTimeout(timer);
  }
}

/** One task whose input is JSON: summarize, or any registered type. */
import { createdTaskSchema, summarizeRequestSchema, typedTaskRequestSchema } from "@workstream/core";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { acceptTask } from "../accept-task.ts";
import type { ApiContext, RoutePlugin } from "../api-context.ts";
import { creationProblems, problems } from "../documented-problems.ts";
import { idempotencyHeaderSchema, idempotencyKey } from "../idempotency.ts";
import { newTask } from "../new-task.ts";
import { type InputPointers, type JsonTask, toTaskRequest } from "../task-request.ts";

const tags = ["Creating tasks"];
const config = { role: "submitter" } as const;
export const createTaskRoutes: RoutePlugin = async (app, { context }) => {
  const { maxBodyBytes } = context.settings;

  app.post(
    "/api/v1/tasks/summarize",
    {
      config,
      bodyLimit: maxBodyBytes,
      schema: {
        tags,
        summary: "Summarize a text",
        description: "Unknown fields are ignored.",
        headers: idempotencyHeaderSchema,
        body: summarizeRequestSchema,
        response: { 201: createdTaskSchema, ...problems(...creationProblems) },
      },
    },
    async (request, reply) => {
      const { content, ...options } = request.body;
      const key = idempotencyKey(request.headers, options.idempotency_key);
      const one = { type: "summarize", input: content, options, key };
      return create(context, one, { type: "", input: "/content" }, reply);
    },
  );

  app.post(
    "/api/v1/tasks/:type",
    {
      config,
      bodyLimit: maxBodyBytes,
      schema: {
        tags,
        summary: "Create a task of any registered type",
        description: "GET /api/v1/task-types lists them, with the schema of each one's input.",
        headers: idempotencyHeaderSchema,
        params: z.object({ type: z.string() }),
        body: typedTaskRequestSchema,
        response: { 201: createdTaskSchema, ...problems(...creationProblems) },
      },
    },
    async (request, reply) => {
      const { input, ...options } = request.body;
      const key = idempotencyKey(request.headers, options.idempotency_key);
      const one = { type: request.params.type, input, options, key };
      return create(context, one, { type: "", input: "/input" }, reply);
    },
  );
};

async function create(context: ApiContext, one: JsonTask, pointers: InputPointers, reply: FastifyReply) {
  const request = toTaskRequest(context, one, pointers);
  const created = await acceptTask(
    context,
    newTask(context, context.stores.tasks.mintId(request.idempotency?.key), request),
  );
  return reply.code(201).header("location", `/api/v1/tasks/${created.task_id}`).send(created);
}

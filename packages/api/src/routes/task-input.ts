import { Readable } from "node:stream";
import type { Task } from "@workstream/core";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { ApiContext, RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import { attachment, safeFileName } from "../file-name.ts";
import { taskNotFound, taskParams } from "./tasks.ts";

const anyBytes = z.string().meta({ format: "binary" });

/** The bytes that a task was created from. */
export const taskInputRoutes: RoutePlugin = async (app, { context }) => {
  app.get(
    "/api/v1/tasks/:task_id/input",
    {
      exposeHeadRoute: false,
      schema: {
        tags: ["Tasks"],
        summary: "Download what the task was created from",
        description: "The uploaded file with its own media type, or the input as text or JSON.",
        params: taskParams,
        response: {
          200: { description: "The input", content: { "application/octet-stream": { schema: anyBytes } } },
          ...problems("not_found", ...storeProblems),
        },
      },
    },
    async ({ params }, reply) => {
      const task = await context.stores.tasks.get(params.task_id);
      if (task === null) throw taskNotFound(params.task_id);
      return task.contentKind === "file" ? sendFile(context, task, reply) : sendContent(task, reply);
    },
  );
};

async function sendFile({ stores }: ApiContext, task: Task, reply: FastifyReply) {
  const bytes = await stores.inputs.read(task.id);
  if (bytes === null) throw taskNotFound(task.id);
  const { content_type: type } = task.metadata;
  return reply
    .type(typeof type === "string" ? type : "application/octet-stream")
    .header("content-length", String(task.contentLength))
    .header("content-disposition", attachment(safeFileName(task.content ?? "", "upload")))
    .send(Readable.from(bytes));
}

function sendContent(task: Task, reply: FastifyReply) {
  const isJson = task.contentKind === "json";
  return reply
    .type(isJson ? "application/json; charset=utf-8" : "text/plain; charset=utf-8")
    .header(
      "content-disposition",
      attachment(safeFileName(`${task.id}.${isJson ? "json" : "txt"}`, "input.txt")),
    )
    .send(Buffer.from(task.content ?? ""));
}

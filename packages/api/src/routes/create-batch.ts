import { type batchItemSchema, batchRequestSchema, createdBatchSchema } from "@workstream/core";
import type { z } from "zod";
import { acceptBatch } from "../accept-task.ts";
import type { ApiContext, RoutePlugin } from "../api-context.ts";
import { creationProblems, problems } from "../documented-problems.ts";
import { fingerprint, idempotencyHeaderSchema, idempotencyKey } from "../idempotency.ts";
import { newTask } from "../new-task.ts";
import { type TaskRequest, toTaskRequest } from "../task-request.ts";

/** Many tasks, all or none. */
export const createBatchRoutes: RoutePlugin = async (app, { context }) => {
  app.post(
    "/api/v1/tasks/batch",
    {
      config: { role: "submitter" },
      bodyLimit: context.settings.maxBatchBytes,
      schema: {
        tags: ["Creating tasks"],
        summary: "Create up to 10,000 tasks, all or none",
        description:
          "An Idempotency-Key header covers the whole batch. An item's own idempotency_key covers that item alone.",
        headers: idempotencyHeaderSchema,
        body: batchRequestSchema,
        response: { 201: createdBatchSchema, ...problems(...creationProblems) },
      },
    },
    async (request, reply) => {
      const batchKey = idempotencyKey(request.headers, null);
      const requests = batchRequests(context, request.body.tasks, batchKey);
      const group = batchKey ?? context.stores.tasks.mintId();
      const tasks = requests.map((one) => newTask(context, mintFor(context, one, group), one));
      const created = await acceptBatch(context, tasks);
      return reply.code(201).send(created);
    },
  );
};

function mintFor({ stores }: ApiContext, { idempotency }: TaskRequest, group: string): string {
  return stores.tasks.mintId(idempotency?.key ?? group);
}

type BatchItem = z.output<typeof batchItemSchema>;

/** A key of the batch gives item i the key `{key}#{i}`, and every item the fingerprint of the whole. */
function batchRequests(
  context: ApiContext,
  items: readonly BatchItem[],
  batchKey: string | null,
): TaskRequest[] {
  const batchPrint = batchKey === null ? "" : fingerprint(items);
  return items.map(({ type, input, ...options }, index) => {
    const own = options.idempotency_key ?? null;
    const pointers = { type: `/tasks/${index}/type`, input: `/tasks/${index}/input` };
    const request = toTaskRequest(context, { type, input, options, key: own }, pointers);
    if (own !== null || batchKey === null) return request;
    return { ...request, idempotency: { key: `${batchKey}#${index}`, fingerprint: batchPrint } };
  });
}

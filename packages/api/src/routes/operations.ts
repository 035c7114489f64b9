/** What is done to many tasks at once. */
import {
  bulkCountSchema,
  bulkRequestSchema,
  deadLetterBulkSchema,
  operationSchema,
  operationsQuerySchema,
  operationsSchema,
  startedOperationSchema,
  toOperation,
  WorkstreamError,
} from "@workstream/core";
import { z } from "zod";
import type { ApiContext, RoutePlugin } from "../api-context.ts";
import { countMatching } from "../bulk-count.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import { operationRequest, startOperation } from "../start-operation.ts";

const tags = ["Operations"];
const operationParams = z.object({ operation_id: z.string() });
const startProblems = problems(
  "invalid_input",
  "unsupported_media_type",
  "too_many_requests",
  "store_full",
  ...storeProblems,
);

export const operationRoutes: RoutePlugin = async (app, { context }) => {
  const { stores } = context;

  app.post(
    "/api/v1/tasks/bulk",
    {
      schema: {
        tags,
        summary: "Retry, cancel or delete every task that matches",
        description:
          "Answers at once with an operation to follow. It acts on tasks that matched when it started, each at most once. A filter " +
          "takes what a list of tasks takes; an empty one is every task. With dry_run they are only counted.",
        body: bulkRequestSchema,
        response: { 200: bulkCountSchema, 202: startedOperationSchema, ...startProblems },
      },
    },
    async ({ body }, reply) => {
      const { action, filter, reset_retry_count: resetRetryCount } = body;
      const request = operationRequest({ action, filter, resetRetryCount });
      if (body.dry_run) {
        const { matched, isEstimate } = await countMatching(stores.tasks, request);
        return reply.send({ action, matched, matched_is_estimate: isEstimate });
      }
      return reply.code(202).send(await startOperation(context, request));
    },
  );

  deadLetterRoute(context, app, "retry");
  deadLetterRoute(context, app, "purge");

  app.get(
    "/api/v1/operations",
    {
      schema: {
        tags,
        summary: "The last operations, newest first",
        description: "The last 100 are kept, for 7 days.",
        querystring: operationsQuerySchema,
        response: { 200: operationsSchema, ...problems("invalid_input", ...storeProblems) },
      },
    },
    async ({ query: { limit } }) => ({
      operations: (await stores.operations.list(limit)).map(toOperation),
    }),
  );

  app.get(
    "/api/v1/operations/:operation_id",
    {
      schema: {
        tags,
        summary: "How far an operation got",
        params: operationParams,
        response: { 200: operationSchema, ...problems("not_found", ...storeProblems) },
      },
    },
    async ({ params }) => readOperation(context, params.operation_id),
  );

  app.post(
    "/api/v1/operations/:operation_id/cancel",
    {
      schema: {
        tags,
        summary: "Stop an operation after the chunk that is being done",
        description: "What is done stays done. An operation that has ended stays as it is.",
        params: operationParams,
        response: {
          200: operationSchema,
          ...problems("not_found", "unsupported_media_type", ...storeProblems),
        },
      },
    },
    async ({ params }) => {
      await stores.operations.cancel(params.operation_id);
      return readOperation(context, params.operation_id);
    },
  );
};

const deadLetterVerbs = {
  retry: { action: "retry", summary: "Run dead letters again: all, or those that match" },
  purge: { action: "delete", summary: "Delete dead letters: all, or those that match" },
} as const;

function deadLetterRoute(
  context: ApiContext,
  app: Parameters<RoutePlugin>[0],
  verb: keyof typeof deadLetterVerbs,
): void {
  const { action, summary } = deadLetterVerbs[verb];
  app.post(
    `/api/v1/queues/dlq/${verb}`,
    {
      schema: {
        tags,
        summary,
        description: "Answers at once with an operation to follow. With `limit`, the newest.",
        body: deadLetterBulkSchema,
        response: { 202: startedOperationSchema, ...startProblems },
      },
    },
    async ({ body }, reply) => {
      const { filter = {}, limit, reset_retry_count: resetRetryCount = false } = body ?? {};
      const asked = { action, filter: { status: "DLQ" as const, ...filter }, limit, resetRetryCount };
      return reply.code(202).send(await startOperation(context, operationRequest(asked)));
    },
  );
}

async function readOperation({ stores }: ApiContext, id: string) {
  const record = await stores.operations.get(id);
  if (record !== null) return toOperation(record);
  throw new WorkstreamError("not_found", `There is no operation ${JSON.stringify(id.slice(0, 64))}.`);
}

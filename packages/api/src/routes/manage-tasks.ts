/** Another life for a task, or an end to it. */
import {
  cancelRequestSchema,
  type ManagementOutcome,
  retryableStates,
  retryQuerySchema,
  retryRequestSchema,
  taskStateAnswerSchema,
  WorkstreamError,
} from "@workstream/core";
import type { RoutePlugin } from "../api-context.ts";
import { problems, storeProblems } from "../documented-problems.ts";
import { taskNotFound, taskParams } from "./tasks.ts";

const tags = ["Managing tasks"];
const changeProblems = problems(
  "not_found",
  "invalid_state",
  "invalid_input",
  "unsupported_media_type",
  ...storeProblems,
);

export const manageTaskRoutes: RoutePlugin = async (app, { context }) => {
  const { tasks } = context.stores;

  app.post(
    "/api/v1/tasks/:task_id/retry",
    {
      schema: {
        tags,
        summary: "Run a task again that is FAILED, DLQ or CANCELLED",
        description: "Its history is kept. Unknown fields of the body are ignored.",
        params: taskParams,
        querystring: retryQuerySchema,
        body: retryRequestSchema,
        response: { 200: taskStateAnswerSchema, ...changeProblems },
      },
    },
    async ({ params, query, body }) => {
      const resetRetryCount = body?.reset_retry_count ?? query.reset_retry_count ?? false;
      const outcome = await tasks.retry(params.task_id, { resetRetryCount });
      const allowed = `only ${retryableStates.join(", ")} can be retried`;
      return { task_id: params.task_id, state: stateAfter(outcome, params.task_id, allowed) };
    },
  );

  app.post(
    "/api/v1/tasks/:task_id/cancel",
    {
      schema: {
        tags,
        summary: "Cancel a task",
        description: "A waiting task stops at once, a running one through the abort signal of its handler.",
        params: taskParams,
        body: cancelRequestSchema,
        response: { 200: taskStateAnswerSchema, ...changeProblems },
      },
    },
    async ({ params, body }) => {
      const outcome = await tasks.cancel(params.task_id, body?.reason ?? "Cancelled by request.");
      const allowed = "only a task that has not ended can be cancelled";
      return { task_id: params.task_id, state: stateAfter(outcome, params.task_id, allowed) };
    },
  );
};

/** @throws not_found · invalid_state */
function stateAfter(outcome: ManagementOutcome, id: string, allowed: string) {
  if (outcome.outcome === "done") return outcome.to;
  if (outcome.outcome === "not_found") throw taskNotFound(id);
  throw new WorkstreamError("invalid_state", `The task is ${outcome.state}; ${allowed}.`, {
    details: { state: outcome.state },
  });
}

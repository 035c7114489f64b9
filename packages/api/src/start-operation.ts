/** From what a request says about many tasks to an operation that is stored and run. */
import {
  type BulkAction,
  type bulkFilterSchema,
  cancellableStates,
  type FieldProblem,
  type OperationRequest,
  retryableStates,
  toInstant,
  toTaskFilter,
  unknownErrorGroup,
  WorkstreamError,
  walkedStates,
} from "@workstream/core";
import type { z } from "zod";
import type { ApiContext } from "./api-context.ts";
import { countMatching } from "./bulk-count.ts";
import { invalidInput } from "./input-validator.ts";

type Filter = z.output<typeof bulkFilterSchema>;
type Asked = { action: BulkAction; filter: Filter; limit?: number | undefined; resetRetryCount?: boolean };

/** @throws invalid_input when no task could ever match */
export function operationRequest({
  action,
  filter,
  limit,
  resetRetryCount = false,
}: Asked): OperationRequest {
  const { task_ids: taskIds, ...rest } = filter;
  const request: OperationRequest = {
    action,
    filter: toTaskFilter(rest),
    taskIds: taskIds === undefined ? null : [...new Set(taskIds)],
    limit: limit ?? null,
    resetRetryCount,
    asked: inWords(filter),
  };
  const faults = faultsOf(request);
  if (faults.length > 0) throw invalidInput(faults);
  return request;
}

function faultsOf({ action, filter }: OperationRequest): FieldProblem[] {
  if (filter.errorGroup === unknownErrorGroup) {
    const detail = "These dead letters are still being grouped: read GET /api/v1/queues/dlq/groups again.";
    return [{ pointer: "/filter/error_group", detail }];
  }
  if (walkedStates({ action, filter }).length > 0) return [];
  const [name, states] = action === "retry" ? ["retried", retryableStates] : ["cancelled", cancellableStates];
  const detail =
    action === "delete"
      ? "No task is in that state and in that queue."
      : `Only what is ${states.join(", ")} can be ${name}, and only dead letters have a group.`;
  return [{ pointer: filter.state === undefined ? "/filter" : "/filter/status", detail }];
}

function inWords(filter: Filter): Record<string, unknown> {
  const { start_date: from, end_date: to } = filter;
  return {
    ...filter,
    ...(from !== undefined && { start_date: toInstant(from) }),
    ...(to !== undefined && { end_date: toInstant(to) }),
  };
}

/** Stores the operation and lets it run. @throws too_many_requests */
export async function startOperation({ stores, operations }: ApiContext, request: OperationRequest) {
  const id = stores.tasks.mintId();
  const count =
    request.taskIds === null
      ? await countMatching(stores.tasks, request)
      : { matched: request.taskIds.length, isEstimate: false };
  const outcome = await stores.operations.create({ id, request, count }, operations.lease);
  if (outcome === "too_many") {
    throw new WorkstreamError(
      "too_many_requests",
      "As many operations run as are kept: wait for one to end, or cancel one.",
    );
  }
  operations.own(id);
  return { operation_id: id };
}

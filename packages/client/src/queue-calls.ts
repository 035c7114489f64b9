import type {
  DeadLetterBulk,
  ErrorGroups,
  Operation,
  Operations,
  PausedQueue,
  QueueOverviews,
  QueueStatusView,
  StartedOperation,
  TaskDetail,
} from "@workstream/core";
import { path } from "./query-text.ts";
import type { RequestOptions, Transport } from "./transport.ts";

const root = "/api/v1/queues";

export function createQueueCalls({ json }: Transport) {
  return {
    status: (options?: RequestOptions) => json<QueueStatusView>({ path: `${root}/status` }, options),

    overview: (options?: RequestOptions) => json<QueueOverviews>({ path: root }, options),

    /** In the order in which they will run. */
    taskIds: (name: string, limit?: number, options?: RequestOptions) =>
      json<string[]>({ path: path`/api/v1/queues/${name}/tasks`, query: { limit } }, options),

    deadLetters: (limit?: number, options?: RequestOptions) =>
      json<TaskDetail[]>({ path: `${root}/dlq`, query: { limit } }, options),

    errorGroups: (limit?: number, options?: RequestOptions) =>
      json<ErrorGroups>({ path: `${root}/dlq/groups`, query: { limit } }, options),

    pause: (name: string, options?: RequestOptions) =>
      json<PausedQueue>({ method: "POST", path: path`/api/v1/queues/${name}/pause` }, options),

    resume: (name: string, options?: RequestOptions) =>
      json<PausedQueue>({ method: "POST", path: path`/api/v1/queues/${name}/resume` }, options),

    /** Those of the filter; without a body all of them. */
    retryDeadLetters: (body?: DeadLetterBulk, options?: RequestOptions) =>
      json<StartedOperation>({ method: "POST", path: `${root}/dlq/retry`, body }, options),

    purgeDeadLetters: (body?: DeadLetterBulk, options?: RequestOptions) =>
      json<StartedOperation>({ method: "POST", path: `${root}/dlq/purge`, body }, options),
  };
}

export function createOperationCalls({ json }: Transport) {
  return {
    get: (id: string, options?: RequestOptions) =>
      json<Operation>({ path: path`/api/v1/operations/${id}` }, options),

    list: (limit?: number, options?: RequestOptions) =>
      json<Operations>({ path: "/api/v1/operations", query: { limit } }, options),

    cancel: (id: string, options?: RequestOptions) =>
      json<Operation>({ method: "POST", path: path`/api/v1/operations/${id}/cancel` }, options),
  };
}

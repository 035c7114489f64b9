import type {
  BatchRequest,
  BulkCount,
  BulkRequest,
  CancelRequest,
  CreatedBatch,
  CreatedTask,
  DeletedTask,
  Explanation,
  Latency,
  PendingResult,
  RequeuedOrphans,
  RetryRequest,
  StartedOperation,
  SummarizeRequest,
  TaskDetail,
  TaskDetailPage,
  TaskListRequest,
  TaskResult,
  TaskStateAnswer,
  TaskSummaryPage,
  Throughput,
  TypedTaskRequest,
} from "@workstream/core";
import { path } from "./query-text.ts";
import type { RequestOptions, Transport } from "./transport.ts";
import { type UploadOptions, type UploadRequest, uploadTask } from "./upload.ts";

/** What is null or undefined is left out. */
export type TaskListQuery = {
  [Name in keyof TaskListRequest]?:
    | TaskListRequest[Name]
    | (Name extends "page" | "page_size" ? number : never)
    | null
    | undefined;
};

export type BulkSelection = Omit<BulkRequest, "dry_run">;

const root = "/api/v1/tasks";

export function createTaskCalls(transport: Transport) {
  const { json } = transport;
  const upload = (type: string, body: UploadRequest, options: UploadOptions = {}) =>
    uploadTask(transport, type, { body, options });
  return {
    ...createReading(transport),
    ...createManaging(transport),

    create: (type: string, body: TypedTaskRequest, options?: RequestOptions) =>
      json<CreatedTask>({ method: "POST", path: path`/api/v1/tasks/${type}`, body }, options),

    summarize: (body: SummarizeRequest, options?: RequestOptions) =>
      json<CreatedTask>({ method: "POST", path: `${root}/summarize`, body }, options),

    /** A task of a type that takes a file. */
    upload,
    pdfxtract: (body: UploadRequest, options?: UploadOptions) => upload("pdfxtract", body, options),

    /** All or none. With `idempotencyKey`, the same batch sent again makes nothing new. */
    createBatch: (body: BatchRequest, options: RequestOptions & { idempotencyKey?: string } = {}) => {
      const headers = options.idempotencyKey ? { "idempotency-key": options.idempotencyKey } : {};
      return json<CreatedBatch>({ method: "POST", path: `${root}/batch`, body, headers }, options);
    },
  };
}

function createReading({ json, download, timeoutMs }: Transport) {
  return {
    list: (query: TaskListQuery = {}, options?: RequestOptions) =>
      json<TaskDetailPage>({ path: root, query }, options),

    summaries: (query: TaskListQuery = {}, options?: RequestOptions) =>
      json<TaskSummaryPage>({ path: `${root}/summaries`, query }, options),

    get: (id: string, options?: RequestOptions) =>
      json<TaskDetail>({ path: path`/api/v1/tasks/${id}` }, options),

    /** Why it is not running, or what it waits for. */
    explain: (id: string, options?: RequestOptions) =>
      json<Explanation>({ path: path`/api/v1/tasks/${id}/explain` }, options),

    /** Waits up to `waitSeconds`, at most 60, for the task to end; `result` is missing when it has not. */
    result: (
      id: string,
      { waitSeconds = 0, ...options }: RequestOptions & { waitSeconds?: number | undefined } = {},
    ) =>
      json<TaskResult | PendingResult>(
        {
          path: path`/api/v1/tasks/${id}/result`,
          query: { wait_seconds: waitSeconds },
          timeoutMs: timeoutMs + waitSeconds * 1000,
        },
        options,
      ),

    /** The bytes that the task was created from, with their content-type and content-disposition. */
    input: (id: string, options?: RequestOptions) =>
      download({ path: path`/api/v1/tasks/${id}/input` }, options),

    throughput: (minutes?: number, options?: RequestOptions) =>
      json<Throughput>({ path: `${root}/metrics/throughput`, query: { minutes } }, options),

    latency: (minutes?: number, options?: RequestOptions) =>
      json<Latency>({ path: `${root}/metrics/latency`, query: { minutes } }, options),
  };
}

function createManaging({ json }: Transport) {
  return {
    retry: (id: string, body?: RetryRequest, options?: RequestOptions) =>
      json<TaskStateAnswer>({ method: "POST", path: path`/api/v1/tasks/${id}/retry`, body }, options),

    cancel: (id: string, body?: CancelRequest, options?: RequestOptions) =>
      json<TaskStateAnswer>({ method: "POST", path: path`/api/v1/tasks/${id}/cancel`, body }, options),

    delete: (id: string, options?: RequestOptions) =>
      json<DeletedTask>({ method: "DELETE", path: path`/api/v1/tasks/${id}` }, options),

    requeueOrphaned: (options?: RequestOptions) =>
      json<RequeuedOrphans>({ method: "POST", path: `${root}/requeue-orphaned` }, options),

    /** Starts an operation on every task of the filter. */
    bulk: (selection: BulkSelection, options?: RequestOptions) =>
      json<StartedOperation>({ method: "POST", path: `${root}/bulk`, body: selection }, options),

    /** How many tasks `bulk` would act on. */
    bulkCount: (selection: BulkSelection, options?: RequestOptions) => {
      const body: BulkRequest = { ...selection, dry_run: true };
      return json<BulkCount>({ method: "POST", path: `${root}/bulk`, body }, options);
    },
  };
}

import type { ServiceDirectory, Stores, TaskCatalog } from "@workstream/core";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { ApiSettings } from "./api-settings.ts";
import type { EventStream } from "./event-stream.ts";
import type { OperationRunner } from "./operation-runner.ts";
import type { Prometheus } from "./prometheus.ts";
import type { QueueLimit } from "./queue-limit.ts";
import type { ServiceStatus } from "./service-status.ts";
import type { TaskStreams } from "./task-streams.ts";
import type { TaskWatches } from "./task-watches.ts";

/** What every route may use. */
export type ApiContext = {
  stores: Stores;
  catalog: TaskCatalog;
  services: ServiceDirectory;
  settings: ApiSettings;
  stream: EventStream;
  watches: TaskWatches;
  taskStreams: TaskStreams;
  status: ServiceStatus;
  /** The store's time, epoch ms. */
  storeNow(): number;
  prometheus: Prometheus;
  queueLimit: QueueLimit;
  operations: OperationRunner;
};

export type RoutePlugin = FastifyPluginAsyncZod<{ context: ApiContext }>;

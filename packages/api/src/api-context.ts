import type { ServiceDirectory, Stores, TaskCatalog } from "@workstream/core";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { ApiSettings } from "./api-settings.ts";
import type { EventStream } from "./event-stream.ts";
import type { Prometheus } from "./prometheus.ts";
import type { QueueLimit } from "./queue-limit.ts";

/** What every route may use. */
export type ApiContext = {
  stores: Stores;
  catalog: TaskCatalog;
  services: ServiceDirectory;
  settings: ApiSettings;
  stream: EventStream;
  prometheus: Prometheus;
  queueLimit: QueueLimit;
};

export type RoutePlugin = FastifyPluginAsyncZod<{ context: ApiContext }>;

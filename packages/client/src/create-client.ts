import type {
  GatewayHealth,
  GatewayInfo,
  PoolStats,
  StoreHealthView,
  TaskType,
  WorkerFleet,
} from "@workstream/core";
import { queueEvents, taskEvents } from "./event-streams.ts";
import type { StreamListener, StreamOptions } from "./event-subscription.ts";
import { createOperationCalls, createQueueCalls } from "./queue-calls.ts";
import { createBreakerCalls, createOpenRouterCalls, createServiceCalls } from "./service-calls.ts";
import { createTaskCalls } from "./task-calls.ts";
import { type ClientOptions, createTransport, type RequestOptions, type Transport } from "./transport.ts";

export type Client = ReturnType<typeof createClient>;

/** A gateway's whole API. Every method throws a ClientError, and tries once: what to try again, the caller knows. */
export function createClient(options: ClientOptions = {}) {
  const transport = createTransport(options);
  return {
    ...createGatewayCalls(transport),
    tasks: createTaskCalls(transport),
    queues: createQueueCalls(transport),
    operations: createOperationCalls(transport),
    services: createServiceCalls(transport),
    breakers: createBreakerCalls(transport),
    openrouter: createOpenRouterCalls(transport),
    queueEvents: (listener: StreamListener, streamOptions?: StreamOptions) =>
      queueEvents(transport, listener, streamOptions),
    taskEvents: (id: string, listener: StreamListener, streamOptions?: StreamOptions) =>
      taskEvents(transport, id, { listener, options: streamOptions }),
  };
}

function createGatewayCalls({ json }: Transport) {
  return {
    gateway: {
      info: (options?: RequestOptions) => json<GatewayInfo>({ path: "/api/v1/gateway" }, options),
    },
    health: {
      get: (options?: RequestOptions) => json<GatewayHealth>({ path: "/health" }, options),
      /** @throws ClientError with status 503 while the store does not answer */
      ready: (options?: RequestOptions) => json<{ status: "ready" }>({ path: "/ready" }, options),
    },
    taskTypes: {
      list: (options?: RequestOptions) => json<TaskType[]>({ path: "/api/v1/task-types" }, options),
    },
    workers: {
      list: (options?: RequestOptions) => json<WorkerFleet>({ path: "/api/v1/workers" }, options),
    },
    /** Whichever store it is. */
    store: {
      health: (options?: RequestOptions) => json<StoreHealthView>({ path: "/api/v1/redis/health" }, options),
      stats: (options?: RequestOptions) => json<PoolStats>({ path: "/api/v1/redis/pool-stats" }, options),
    },
  };
}
